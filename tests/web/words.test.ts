import { expect } from "chai";
import type { DateTime } from "luxon";
import { labelsOf } from "../../web/control_tower/labels.ts";
import {
  ageText,
  clockText,
  durationText,
  fullText,
  instant,
} from "../../web/components/moments.ts";
import { remarks } from "../../web/control_tower/shipment_remarks.ts";
import { plainText } from "../../web/components/plain_text.ts";
import { arrival, overdueMinutes, route, trouble } from "../../web/control_tower/shipment_words.ts";
import { NOW, shipment } from "./shipments.ts";

const now = instant(NOW) as DateTime;
const labels = labelsOf({
  current_milestone: { selection: [["customs_hold", "Customs Hold"]] },
  exception_reason: { selection: [["documents_payment", "Documents or Payment"]] },
  state: { selection: [["refused", "Refused"]] },
});

describe("an instant, as a dispatcher reads it", () => {
  const clock = (...args: Parameters<typeof clockText>) =>
    clockText(...args).replaceAll("\u202f", " ");

  it("is a time today, a weekday within the week, else a date", () => {
    expect(clock("2026-11-23 08:05:00", now)).to.equal("8:05 AM");
    expect(clock("2026-11-25 08:05:00", now)).to.equal("Wed 8:05 AM");
    expect(clock("2026-12-24 08:05:00", now)).to.equal("Dec 24 8:05 AM");
    expect(clock(false, now)).to.equal("");
  });

  it("has 24 hours where the user's language has them", () => {
    const german = now.setLocale("de");
    expect(german.toLocaleString({ hour: "numeric", minute: "2-digit" })).to.equal("14:00");
  });

  it("stands by the clock of its place, and so does its day", () => {
    const shanghai = "Asia/Shanghai";
    expect(clock("2026-11-23 15:30:00", now, shanghai), "today there").to.equal("11:30 PM");
    expect(clock("2026-11-23 16:30:00", now, shanghai), "tomorrow there").to.equal("Tue 12:30 AM");
    expect(clock("2026-11-23 15:30:00", now, "Nowhere/Land")).to.equal("3:30 PM");
  });

  it("names both clocks in the tooltip where they differ", () => {
    const text = fullText("2026-11-23 15:30:00", "Asia/Shanghai").replaceAll("\u202f", " ");
    expect(text).to.match(/11:30 PM GMT\+8 · Mon, Nov 23, 2026, 3:30 PM UTC/);
    expect(fullText("2026-11-23 15:30:00", "UTC")).to.not.include("·");
  });

  it("ages from now to days", () => {
    const ages = ["14:00:30", "13:59:30", "13:18:00", "09:00:00"].map((time) =>
      ageText(`2026-11-23 ${time}`, now),
    );
    expect(ages).to.deep.equal(["now", "now", "42 min", "5 h"]);
    expect(ageText("2026-11-20 08:00:00", now)).to.equal("3 d");
  });

  it("lasts minutes, hours or days", () => {
    expect([5, 60, 95, 1440, 1500].map(durationText)).to.deep.equal([
      "5 min",
      "1 h",
      "1 h 35",
      "1 d",
      "1 d 1 h",
    ]);
  });
});

describe("words of a partner", () => {
  it("do not turn the words after them around", () => {
    expect(plainText("LOT \u202e123\u202c\u2067 end\u0007")).to.equal("LOT 123 end");
    expect(route(shipment(1, { origin: "Rotter\u202edam" }))).to.equal("Rotterdam → Lyon");
    expect(plainText(false)).to.equal("");
  });
});

describe("what a shipment's card says", () => {
  it("tells the arrival by the best that is known of it", () => {
    const known = {
      eta: "2026-11-23 16:30:00",
      arrived_delivery_at: "2026-11-23 16:20:00",
      delivered_at: "2026-11-23 16:40:00",
    } as const;
    expect(arrival(shipment(1, { ...known, state: "delivered" }), labels).label).to.equal(
      "Delivered",
    );
    expect(arrival(shipment(1, { ...known, delivered_at: false }), labels).label).to.equal(
      "Arrived",
    );
    expect(arrival(shipment(1), labels).label).to.equal("ETA");
    expect(arrival(shipment(1, { eta: false }), labels)).to.deep.include({
      label: "Planned",
      isMeasured: false,
    });
  });

  it("does not call refused goods delivered", () => {
    const row = shipment(1, { state: "refused", delivered_at: "2026-11-23 13:00:00" });
    expect(arrival(row, labels).label).to.equal("Refused");
  });

  it("gives the exception, its reason and its age, broken between them only", () => {
    const row = shipment(1, {
      exception_code: "customs_hold",
      exception_reason: "documents_payment",
      exception_since: "2026-11-23 11:00:00",
    });
    const text = trouble(row, "exception", labels, now);
    expect(text.split(" · ")).to.deep.equal([
      "Customs\u00a0Hold",
      "Documents\u00a0or\u00a0Payment",
      "3\u00a0h",
    ]);
  });

  it("counts the time since nobody gives an ETA any more", () => {
    const late = { is_overdue: true, planned_delivery_at: "2026-11-23 13:25:00" } as const;
    expect(overdueMinutes(shipment(1, { ...late, eta: false }), now)).to.equal(35);
    expect(overdueMinutes(shipment(1, late), now), "an ETA tells the lateness").to.equal(null);
  });

  it("remarks what needs an eye, but not twice what the exception says", () => {
    const row = shipment(1, {
      is_damaged: true,
      exception_code: "damaged",
      attempt_count: 2,
      unmapped_count: 1,
      state: "delivered",
    });
    const keys = (column: "exception" | "late") => remarks(row, column).map(({ key }) => key);
    expect(keys("exception")).to.deep.equal(["attempts", "pod", "unmapped"]);
    expect(keys("late")).to.deep.equal(["damaged", "attempts", "pod", "unmapped"]);
    row.is_ahead = true;
    expect(keys("late")).to.include("ahead");
  });
});
