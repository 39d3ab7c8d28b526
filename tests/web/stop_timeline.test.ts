import { expect } from "chai";
import type { DateTime } from "luxon";
import { instant } from "../../web/components/moments.ts";
import { labelsOf } from "../../web/control_tower/labels.ts";
import { StopTimeline } from "../../web/control_tower/stop_timeline/stop_timeline.ts";
import { mountComponent, type Mounted } from "./mounted.ts";
import { fact, NOW, stop } from "./shipments.ts";

describe("the stops of a shipment", () => {
  const now = instant(NOW) as DateTime;
  let page: Mounted;
  const show = async (...stops: ReturnType<typeof stop>[]) => {
    page = await mountComponent(StopTimeline, { stops, labels: labelsOf({}), now });
  };
  const text = (selector: string) =>
    page.text(selector).replaceAll("\u202f", " ").replaceAll(/\s+/g, " ");
  afterEach(() => page.destroy());

  it("say how late it is by the minutes that the shipment's record holds, and until when it may come", async () => {
    const times = { planned_arrival: "2026-11-23 09:49:00", window_end: "2026-11-23 16:45:00" };
    await show(
      stop(1, { ...times, arrived_at: "2026-11-23 09:48:00", lateness_minutes: -1 }),
      stop(2, { ...times, arrived_at: "2026-11-23 08:59:00", lateness_minutes: -50 }),
      stop(3, {
        ...times,
        arrived_at: "2026-11-23 17:45:00",
        lateness_minutes: 60,
        is_late: true,
      }),
    );
    expect(page.texts(".o_mp_chip")).to.deep.equal(["on time", "50 min early", "1 h late"]);
    expect(text(".o_mp_stop_place"), "the appointment is shown").to.include("until 4:45 PM");
  });

  it("tell the time by the clock of the place, name its zone, and say the user's own beside it", async () => {
    await show(
      stop(1, { zone: "Asia/Shanghai", arrived_at: "2026-11-23 03:18:00" }),
      stop(2, { zone: "Atlantic/Reykjavik", arrived_at: "2026-11-23 03:18:00" }),
    );
    expect(text("[data-stop-id='1'] tbody td")).to.equal("11:18 AM GMT+8 3:18 AM here");
    expect(text("[data-stop-id='2'] tbody td"), "one clock, one time").to.equal("3:18 AM");
  });

  it("mark a fact that lies after its receipt", async () => {
    await show(stop(1, { facts: [fact(1, { is_ahead: true }), fact(2)] }));
    expect(page.texts(".o_mp_badge")).to.deep.equal(["ahead of its receipt"]);
  });

  it("show a long text of a partner whole only on demand, and never turned around", async () => {
    await show(stop(1, { facts: [fact(1, { raw_text: `\u202e${"x".repeat(300)}` })] }));
    const detail = page.find(".o_mp_fact_detail");
    expect(detail.textContent).to.equal("x".repeat(300));
    expect(detail.title).to.equal("x".repeat(300));
  });
});
