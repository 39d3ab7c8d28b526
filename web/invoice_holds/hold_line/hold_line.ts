/** One hold: whose money, what is wrong, what clears it, who can let it go. */
import { Component } from "@odoo/owl";
import type { DateTime } from "luxon";
import { ageText, fullText } from "../../components/moments.ts";
import { moneyText } from "../../billing/money.ts";
import { _t } from "../../translation.ts";
import type { GroupBy, HoldLine } from "../hold_data.ts";

interface Props {
  line: HoldLine;
  /** What the group's head says already is not said again. */
  by: GroupBy;
  now: DateTime;
  decides: boolean;
  isTabStop: boolean;
  onFocus: (id: number) => void;
  openHold: (line: HoldLine) => void;
  openShipment: (line: HoldLine) => void;
  release: (line: HoldLine) => void;
  review: (line: HoldLine) => Promise<void>;
  fix: (line: HoldLine) => Promise<void>;
  isSelected: boolean;
}

export class HoldLineView extends Component<Props> {
  static override template = "milepost.HoldLine";
  static override props = {
    line: Object,
    by: String,
    now: Object,
    decides: Boolean,
    isTabStop: Boolean,
    onFocus: Function,
    openHold: Function,
    openShipment: Function,
    release: Function,
    review: Function,
    fix: Function,
    isSelected: Boolean,
  };

  ageText = ageText;
  fullText = fullText;

  /** The shipment; a bill that matches none names itself. */
  get title(): string {
    const { shipment, carrier_invoice: bill } = this.props.line;
    return shipment || (bill === false ? "" : _t("Bill %s", bill));
  }

  get parties(): string {
    const { customer, carrier, carrier_invoice: bill, shipment } = this.props.line;
    const named = bill !== false && shipment !== false ? _t("bill %s", bill) : "";
    return [customer, carrier, named].filter(Boolean).join(" · ");
  }

  get amountText(): string {
    const { amount, currency_id } = this.props.line;
    return moneyText({ amount, currency_id });
  }

  /** How much waits because of it, where that is more than what it is about. */
  get blockedText(): string {
    const { line } = this.props;
    const same =
      line.blocked_currency_id === line.currency_id && line.blocked_amount <= line.amount;
    if (same) return "";
    return _t(
      "blocks %s",
      moneyText({ amount: line.blocked_amount, currency_id: line.blocked_currency_id }),
    );
  }

  get percentText(): string {
    return this.props.line.percent === false ? "" : `${this.props.line.percent} %`;
  }

  /** How far the decision is. */
  get stateText(): string {
    const { state, state_label, reviewer, agreed, people } = this.props.line;
    if (state === "rejected") return _t("Kept held");
    if (agreed.length > 0)
      return _t("%s of %s agreed: %s", agreed.length, people, agreed.join(", "));
    if (state !== "in_review") return "";
    return reviewer === false ? state_label : _t("%s reviews it", reviewer);
  }

  get canDecide(): boolean {
    return this.props.decides && this.props.line.severity !== "hard";
  }

  get releaseText(): string {
    return this.props.line.people > 1 ? _t("Agree") : _t("Release");
  }

  get releaseTitle(): string {
    const { why_not, people } = this.props.line;
    return why_not || (people > 1 ? _t("Agree (R)") : _t("Release (R)"));
  }

  /** A bill that matches no shipment is opened itself. */
  get openText(): string {
    return this.props.line.shipment_id === false
      ? _t("Open the bill (O)")
      : _t("Open the shipment (O)");
  }

  /** What mends the cause, as an action. */
  get fixText(): string {
    const texts = {
      review: _t("Validate proof"),
      proof: _t("Supply proof"),
      quantities: _t("Decide"),
      bill: _t("Open bill"),
    };
    const { fix } = this.props.line;
    return fix === false ? "" : texts[fix];
  }
}
