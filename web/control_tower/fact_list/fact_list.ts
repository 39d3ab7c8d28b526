/** What partners said; what no longer counts is folded away. */
import { Component } from "@odoo/owl";
import type { DateTime } from "luxon";
import { _t } from "../../translation.ts";
import type { TimelineFact } from "../board_data.ts";
import { FactItem } from "../fact_item/fact_item.ts";
import type { Labels } from "../labels.ts";

interface Props {
  facts: TimelineFact[];
  labels: Labels;
  now: DateTime;
  /** Of the stop that they are told of. */
  zone?: string | false;
}

export class FactList extends Component<Props> {
  static override template = "milepost.FactList";
  static components = { FactItem };
  static override props = {
    facts: Array,
    labels: Object,
    now: Object,
    zone: { type: [String, Boolean], optional: true },
  };

  get counting(): TimelineFact[] {
    return this.props.facts.filter((fact) => !fact.superseded && !fact.retracted);
  }

  get outdated(): TimelineFact[] {
    return this.props.facts.filter((fact) => fact.superseded || fact.retracted);
  }

  get outdatedText(): string {
    return _t("%s corrected or withdrawn", this.outdated.length);
  }
}
