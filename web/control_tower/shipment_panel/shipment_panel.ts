/** Beside the board: one shipment with everything that is known of it, and from whom. */
import { Component, onMounted, onWillStart, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import type { OdooServices } from "@web/services";
import type { DateTime } from "luxon";
import { _t } from "../../translation.ts";
import type { TimelineAnswer, TimelinePod } from "../board_data.ts";
import { ArrivalLine } from "../arrival_line/arrival_line.ts";
import { FactList } from "../fact_list/fact_list.ts";
import type { Labels } from "../labels.ts";
import { clockText, fullText, instant } from "../../components/moments.ts";
import { plainText } from "../../components/plain_text.ts";
import { isObjectOrNull } from "../../components/prop_types.ts";
import { isNoLonger } from "../../components/server_error.ts";
import { PanelActions } from "../panel_actions/panel_actions.ts";
import { RemarkList } from "../remark_list/remark_list.ts";
import type { WorkAction } from "../board_work.ts";
import { WorkBar } from "../work_bar/work_bar.ts";
import { remarks, type Remark } from "../shipment_remarks.ts";
import { arrival, nextStep, route, trouble } from "../shipment_words.ts";
import { StopTimeline } from "../stop_timeline/stop_timeline.ts";

interface Props {
  shipmentId: number;
  /** Rises when the shipment changed. */
  revision: number;
  labels: Labels;
  /** The board's clock; null until the board was read. */
  now: DateTime | null;
  close: () => void;
  openForm: (id: number) => void;
  act: (action: WorkAction, until?: string) => void;
}

export class ShipmentPanel extends Component<Props> {
  static override template = "milepost.ShipmentPanel";
  static components = { ArrivalLine, FactList, PanelActions, RemarkList, StopTimeline, WorkBar };
  static override props = {
    shipmentId: Number,
    revision: Number,
    labels: Object,
    now: { validate: isObjectOrNull },
    close: Function,
    openForm: Function,
    act: Function,
  };

  clockText = clockText;
  fullText = fullText;
  plainText = plainText;
  orm!: OdooServices["orm"];
  action!: OdooServices["action"];
  closeButton!: { el: HTMLElement | null };
  keepLast = new KeepLast();
  state!: { answer: TimelineAnswer | null; fault: "refused" | "failed" | null };

  override setup(): void {
    this.orm = useService("orm");
    this.action = useService("action");
    this.closeButton = useRef("close");
    this.state = useState<ShipmentPanel["state"]>({ answer: null, fault: null });
    // The panel opens at once and fills when the answer is there.
    onWillStart(() => void this.read(this.props.shipmentId));
    onWillUpdateProps((next) => {
      const other = next.shipmentId !== this.props.shipmentId;
      if (other || next.revision !== this.props.revision) void this.read(next.shipmentId);
    });
    // On a phone the panel covers the board: the focus must not stay behind it.
    onMounted(() => {
      if (this.env["isSmall"]) this.closeButton.el?.focus();
    });
  }

  async read(id: number): Promise<void> {
    try {
      const call = this.orm.silent.call("milepost.shipment", "timeline", [id]);
      this.state.answer = (await this.keepLast.add(call)) as TimelineAnswer;
      this.state.fault = null;
    } catch (error) {
      if (this.state.answer?.shipment.id !== id) this.state.answer = null;
      this.state.fault = isNoLonger(error) ? "refused" : "failed";
    }
  }

  readAgain = (): void => {
    void this.read(this.props.shipmentId);
  };

  get now(): DateTime {
    return this.props.now ?? (instant(this.state.answer?.now ?? false) as DateTime);
  }

  get hasArrival(): boolean {
    const { answer } = this.state;
    return answer !== null && arrival(answer.shipment, this.props.labels).at !== false;
  }

  get route(): string {
    return this.state.answer === null ? "" : route(this.state.answer.shipment);
  }

  /** The carrier and the system that speaks for it, which often bear one name. */
  get byText(): string {
    const { carrier, connection } = this.state.answer?.shipment ?? {};
    return [...new Set([carrier, connection].map(plainText))].filter(Boolean).join(" · ");
  }

  get heardText(): string {
    const at = this.state.answer?.shipment.last_heard_at ?? false;
    return at === false ? "" : _t("last heard %s", clockText(at, this.now));
  }

  get trouble(): string {
    const { answer } = this.state;
    return answer === null
      ? ""
      : trouble(answer.shipment, "exception", this.props.labels, this.now);
  }

  /** Why nothing is heard of it names its own step. */
  get nextStep(): string {
    const { answer } = this.state;
    return answer === null || answer.silence ? "" : nextStep(answer.shipment, "exception");
  }

  get remarks(): Remark[] {
    const { answer } = this.state;
    if (answer === null) return [];
    const found = remarks(answer.shipment, "exception");
    // Why it is silent says that it is.
    return answer.silence ? found.filter(({ key }) => key !== "silent") : found;
  }

  async openStep(): Promise<void> {
    const silence = this.state.answer?.silence;
    if (silence && silence.action) await this.action.doAction(silence.action);
  }

  get cleanText(): string {
    return _t("clean");
  }

  get remarkedText(): string {
    return _t("with remarks");
  }

  signerText(pod: TimelinePod): string {
    return pod.signer === false ? _t("No name given") : _t("Signed by %s", plainText(pod.signer));
  }
}
