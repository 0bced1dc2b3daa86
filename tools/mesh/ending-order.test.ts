import assert from "node:assert/strict";
import { endingOrder } from "./ending-order.js";

describe("the order in which processes of a mesh end", () => {
  it("is that nobody ends before those who need them", () => {
    const names = [
      ...["etcd-1", "etcd-2", "cassandra", "jaeger", "charm-1", "channel-1", "channel-2"],
      ...["admin-1", "gateway-1", "gateway-2", "web-1", "envoy"],
    ];
    const groups = endingOrder(names.map((name) => ({ name })));
    assert.deepEqual(
      groups.map((group) => group.map(({ name }) => name).join(" ")),
      [
        "gateway-1 gateway-2",
        "envoy",
        "admin-1 web-1",
        "channel-1 channel-2",
        "charm-1",
        "cassandra jaeger",
        "etcd-1 etcd-2",
      ],
    );
  });

  it("forgets none, known or not, and ends an etcd of one member as one of three", () => {
    const groups = endingOrder([{ name: "etcd" }, { name: "other-1" }]);
    assert.deepEqual(groups, [[{ name: "other-1" }], [{ name: "etcd" }]]);
  });
});
