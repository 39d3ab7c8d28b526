/** The delay as steps, each beginning where the one before it ended, down to their sum. */
import { Component } from "@odoo/owl";
import { _t } from "../../translation.ts";
import type { LagAnswer, Part, PartKey } from "../lag_data.ts";
import { hoursText, partLooks, percentText, type PartLook } from "../lag_words.ts";

interface Props {
  answer: LagAnswer;
  open: (key: string) => Promise<void>;
}

/** A step: where its bar begins and how long it is, in percent of the whole. */
export interface Step {
  part: Part;
  from: number;
  width: number;
}

export class Waterfall extends Component<Props> {
  static override template = "milepost.Waterfall";
  static override props = { answer: Object, open: Function };

  hoursText = hoursText;
  percentText = percentText;
  looks!: Record<PartKey, PartLook>;

  override setup(): void {
    this.looks = partLooks();
  }

  get steps(): Step[] {
    const { parts, total_seconds: total } = this.props.answer;
    let before = 0;
    return parts.map((part) => {
      const percent = (seconds: number) => (total === 0 ? 0 : (100 * seconds) / total);
      const step = { part, from: percent(before), width: percent(part.seconds) };
      before += part.seconds;
      return step;
    });
  }

  barStyle(step: Step): string {
    return `margin-inline-start: ${step.from.toFixed(3)}%; width: ${step.width.toFixed(3)}%`;
  }

  /** The mean over posted shipments: the parts' means sum to it. */
  get meanHours(): number | null {
    const { posted, total_seconds: total } = this.props.answer;
    return posted === 0 ? null : total / posted / 3600;
  }

  get openCount(): number {
    return this.props.answer.n - this.props.answer.posted;
  }

  /** Stands before the number where the head of the table is hidden. */
  get waitingLabel(): string {
    return _t("Waiting now:");
  }

  waitingText(part: Part): string {
    return _t("%s, %s each", part.open, hoursText(part.open_seconds / part.open / 3600));
  }

  get sumText(): string {
    const { posted } = this.props.answer;
    return posted === 1
      ? _t("The steps of the 1 invoiced shipment sum to the whole; medians and P90 do not.")
      : _t(
          "The steps of the %s invoiced shipments sum to the whole; medians and P90 do not.",
          posted,
        );
  }
}
