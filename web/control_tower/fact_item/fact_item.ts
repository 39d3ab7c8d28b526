/** One thing that a partner said: what, when, and where it can be read again. */
import { Component } from "@odoo/owl";
import type { DateTime } from "luxon";
import { _t } from "../../translation.ts";
import type { TimelineFact } from "../board_data.ts";
import type { Labels } from "../labels.ts";
import { fullText } from "../../components/moments.ts";
import { plainText } from "../../components/plain_text.ts";
import { SiteTime } from "../../components/site_time/site_time.ts";

interface Props {
  fact: TimelineFact;
  labels: Labels;
  now: DateTime;
  /** Of the stop that it is told of. */
  zone?: string | false;
}

export class FactItem extends Component<Props> {
  static override template = "milepost.FactItem";
  static components = { SiteTime };
  static override props = {
    fact: Object,
    labels: Object,
    now: Object,
    zone: { type: [String, Boolean], optional: true },
  };

  fullText = fullText;

  /** In our words; the partner's own code while nobody has mapped it. */
  get title(): string {
    const { fact, labels } = this.props;
    if (fact.code !== false) return labels.milestone(fact.code);
    const conditions = fact.conditions.map((condition) => labels.condition(condition));
    return conditions.length > 0
      ? conditions.join(", ")
      : _t("Unknown code %s", plainText(fact.raw_code));
  }

  /** What tells this fact from a plain event that counts. */
  get badges(): string[] {
    const { classifier, is_ahead: isAhead, retracted, superseded } = this.props.fact;
    return [
      isAhead && _t("ahead of its receipt"),
      classifier === "planned" && _t("planned"),
      classifier === "estimated" && _t("estimated"),
      retracted && _t("withdrawn"),
      superseded && !retracted && _t("corrected"),
    ].filter((badge) => badge !== false);
  }

  get detail(): string {
    const { fact, labels } = this.props;
    const reason = fact.reason === false ? "" : labels.reason(fact.reason);
    const parts = [reason, plainText(fact.raw_text), plainText(fact.place_name)];
    return parts.filter(Boolean).join(" · ");
  }

  /** The values of the stop that come from this fact. */
  get provesText(): string {
    const names = {
      estimated_arrival: _t("expected arrival"),
      arrived_at: _t("arrival"),
      departed_at: _t("departure"),
      completed_at: _t("outcome"),
    };
    return this.props.fact.proves.map((value) => names[value]).join(", ");
  }
}
