/** Holds with something in common: what it is, how much waits, since when, and the lines. */
import { Component, useState } from "@odoo/owl";
import type { DateTime } from "luxon";
import { ageText, fullText } from "../../components/moments.ts";
import { totalsText } from "../../billing/money.ts";
import { isIdOrNull } from "../../components/prop_types.ts";
import { _t } from "../../translation.ts";
import type { GroupBy, HoldGroup, HoldLine } from "../hold_data.ts";
import { HoldLineView } from "../hold_line/hold_line.ts";

interface Props {
  group: HoldGroup;
  by: GroupBy;
  now: DateTime;
  /** The user's role decides on holds. */
  decides: boolean;
  isFolded: boolean;
  tabStopId: number | null;
  toggleFold: (key: string) => void;
  showMore: (key: string) => Promise<void>;
  onFocus: (id: number) => void;
  openHold: (line: HoldLine) => void;
  openShipment: (line: HoldLine) => void;
  release: (line: HoldLine) => void;
  review: (line: HoldLine) => Promise<void>;
  fix: (line: HoldLine) => Promise<void>;
  selected: ReadonlySet<number>;
  releaseMany: (ids: readonly number[]) => Promise<void>;
}

export class HoldGroupView extends Component<Props> {
  static override template = "milepost.HoldGroup";
  static components = { HoldLineView };
  static override props = {
    group: Object,
    by: String,
    now: Object,
    decides: Boolean,
    isFolded: Boolean,
    tabStopId: { validate: isIdOrNull },
    toggleFold: Function,
    showMore: Function,
    onFocus: Function,
    openHold: Function,
    openShipment: Function,
    release: Function,
    review: Function,
    fix: Function,
    selected: Object,
    releaseMany: Function,
  };

  fullText = fullText;
  totalsText = totalsText;
  state!: { isReading: boolean };

  override setup(): void {
    this.state = useState({ isReading: false });
  }

  get oldestText(): string {
    return _t("oldest %s", ageText(this.props.group.oldest, this.props.now));
  }

  /** Alike are holds of one reason, of which one person may release at least one. */
  get canReleaseAll(): boolean {
    const { group, by, decides } = this.props;
    return (
      decides && by === "reason" && group.count > 1 && group.holds.some((line) => line.may_release)
    );
  }

  get releaseAllText(): string {
    return _t("Release all %s…", this.props.group.count);
  }

  get moreText(): string {
    return _t("Show more (%s)", this.props.group.count - this.props.group.holds.length);
  }

  async more(): Promise<void> {
    this.state.isReading = true;
    try {
      await this.props.showMore(this.props.group.key);
    } finally {
      this.state.isReading = false;
    }
  }
}
