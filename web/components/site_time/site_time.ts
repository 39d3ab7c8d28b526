/** An instant at a place: by the clock there, with its zone where that differs, and by the user's own. */
import { Component } from "@odoo/owl";
import type { DateTime } from "luxon";
import { _t } from "../../translation.ts";
import { clockText, fullText, instant, isElsewhere } from "../moments.ts";
import type { OdooInstant } from "../odoo_values.ts";

interface Props {
  at: OdooInstant;
  now: DateTime;
  /** Of the place; false where nobody knows it. */
  zone: string | false;
  className?: string;
}

export class SiteTime extends Component<Props> {
  static override template = "milepost.SiteTime";
  static override props = {
    at: [String, Boolean],
    now: Object,
    zone: [String, Boolean],
    className: { type: String, optional: true },
  };

  get title(): string {
    return fullText(this.props.at, this.props.zone);
  }

  get siteText(): string {
    const { at, now, zone } = this.props;
    return clockText(at, now, zone);
  }

  get zoneText(): string {
    const { at, zone } = this.props;
    const moment = instant(at);
    if (moment === null || !isElsewhere(moment, zone)) return "";
    return moment.setZone(zone).offsetNameShort ?? zone;
  }

  get ownText(): string {
    const { at, now } = this.props;
    return this.zoneText === "" ? "" : _t("%s here", clockText(at, now));
  }
}
