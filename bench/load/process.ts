// The process with the sockets: told by the one that posts, so that reading does not delay posting.
import { Crowd } from "./crowd.js";
import type { Order, Report } from "./orders.js";
import { RoundTally } from "./tally.js";

const crowds = new Map<string, Crowd>();
const tally = new RoundTally();
let delivered: number[] = [];

const report = (message: Report) => void process.send?.(message);

function reachedAll(channel: number): void {
  if (delivered.push(channel) > 1) return;
  setImmediate(() => {
    report({ is: "delivered", channels: delivered });
    delivered = [];
  });
}

async function carryOut(order: Order): Promise<Report> {
  switch (order.do) {
    case "open": {
      const crowd = new Crowd(order.plans, tally, reachedAll);
      crowds.set(order.crowd, crowd);
      await crowd.open();
      return { is: "answer" };
    }
    case "begin":
      tally.reset();
      return { is: "answer" };
    case "end":
      return { is: "answer", tally: tally.result() };
    case "sample":
      return { is: "answer", sample: crowds.get(order.crowd)?.sample };
  }
}

process.on("message", (order: Order) => {
  carryOut(order).then(report, (error: Error) => report({ is: "answer", error: error.message }));
});
process.on("disconnect", () => process.exit());
