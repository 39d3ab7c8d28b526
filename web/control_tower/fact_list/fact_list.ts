/** What partners said, each with its source; what no longer counts is folded away. */
import { Component } from "@odoo/owl";
import type { DateTime } from "luxon";
import { _t } from "../../translation.ts";
import type { TimelineFact } from "../board_data.ts";
import type { Labels } from "../labels.ts";
import { clockText, fullText } from "../moments.ts";

interface Props {
  facts: TimelineFact[];
  labels: Labels;
  now: DateTime;
}

export class FactList extends Component<Props> {
  static override template = "milepost.FactList";
  static override props = { facts: Array, labels: Object, now: Object };

  clockText = clockText;
  fullText = fullText;

  get counting(): TimelineFact[] {
    return this.props.facts.filter((fact) => !fact.superseded && !fact.retracted);
  }

  get outdated(): TimelineFact[] {
    return this.props.facts.filter((fact) => fact.superseded || fact.retracted);
  }

  /** What the fact says, in our words; the partner's own code while nobody has mapped it. */
  title(fact: TimelineFact): string {
    const { labels } = this.props;
    if (fact.code !== false) return labels.milestone(fact.code);
    const conditions = fact.conditions.map((condition) => labels.condition(condition));
    return conditions.length > 0 ? conditions.join(", ") : _t("Unknown code %s", fact.raw_code);
  }

  classifierText(fact: TimelineFact): string {
    const names = { planned: _t("planned"), estimated: _t("estimated"), actual: "" };
    return names[fact.classifier];
  }

  detail(fact: TimelineFact): string {
    const reason = fact.reason === false ? "" : this.props.labels.reason(fact.reason);
    return [reason, fact.raw_text || "", fact.place_name || ""].filter(Boolean).join(" · ");
  }

  /** Enough to find the message in the bridge, in full in the tooltip. */
  shortMessage(fact: TimelineFact): string {
    return fact.message_uid === false ? "" : fact.message_uid.slice(0, 8);
  }
}
