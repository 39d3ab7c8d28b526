/** Odoo's search for a client action: the search view, the user's favourites, names of codes. */
import { onWillStart, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import type { FieldDescription } from "@web/services";
import { isAccessError } from "./server_error.ts";

/** What Odoo gives a client action that is used here. */
export interface ActionProps {
  action: { id?: number; context?: object };
  className?: string;
  globalState?: object;
  /** The record that the address names. */
  resId?: number;
  /** Puts values into the address. */
  updateActionState?: (values: Record<string, string | number | undefined>) => void;
}

export interface SearchSetup {
  /** The user lacks the right to read the model. */
  refused: boolean;
  /** For WithSearch. */
  withSearchProps: object;
}

interface Wanted {
  model: string;
  /** Fields whose selections name codes. */
  labelled?: {
    fieldNames: readonly string[];
    /** Gets the selections before the component is rendered. */
    onFields: (fields: Record<string, FieldDescription>) => void;
  };
}

/**
 * Loads the search of a model before the component starts; call it in setup. A context with
 * `search_view_ref` names the search view.
 */
export function useSearchSetup(props: ActionProps, wanted: Wanted): SearchSetup {
  const { model, labelled } = wanted;
  const view = useService("view");
  const field = useService("field");
  const context = props.action.context ?? {};
  const setup = useState<SearchSetup>({ refused: false, withSearchProps: {} });
  const load = async () => {
    const fieldNames = [...(labelled?.fieldNames ?? [])];
    const [descriptions, fields] = await Promise.all([
      view.loadViews(
        { resModel: model, context, views: [[false, "search"]] },
        { actionId: props.action.id ?? false, loadIrFilters: true },
      ),
      fieldNames.length === 0
        ? {}
        : field.loadFields(model, { fieldNames, attributes: ["selection"] }),
    ]);
    const { search } = descriptions.views;
    labelled?.onFields(fields);
    setup.withSearchProps = {
      resModel: model,
      context,
      searchViewArch: search.arch,
      searchViewFields: descriptions.fields,
      searchViewId: search.id,
      irFilters: search.irFilters ?? [],
      activateFavorite: true,
      searchMenuTypes: ["filter", "favorite"],
      ...(props.globalState === undefined ? {} : { globalState: props.globalState }),
    };
  };
  onWillStart(async () => {
    try {
      await load();
    } catch (error) {
      // A menu's groups hide only the menu: whoever comes by the address may lack the right.
      if (!isAccessError(error)) throw error;
      setup.refused = true;
    }
  });
  return setup;
}
