import assert from "node:assert/strict";
import { unknownToken } from "../bad-input.js";
import type { Rows } from "../target/target.js";
import { useMesh } from "../target/use-mesh.js";
import { contractFrames, contractMethods, type Request } from "./contract.js";
import { type FieldCase, type Row, withField } from "./row.js";
import { frameRows } from "./rows/realtime.js";
import { methodRows } from "./rows/rows.js";
import { callBytes, sendFrame } from "./senders.js";
import { type ContractStage, makeContractStage } from "./stage.js";

/** Bytes that are no message: a field of a type that the encoding does not have, and chance behind it. */
const garbage = Buffer.from("0f9d3c77e1a58b2246d0fe13", "hex");
const longGarbage = Buffer.alloc(300_000, garbage);
/** A message that ends before its end: what is behind the 0 is no field. */
const cutShort = Buffer.concat([Buffer.from([0]), garbage]);

const stageMsMax = 60_000;

const methods = contractMethods();
const frames = contractFrames();

/** The request of a case, and the token of whoever sends it. */
function requestOf(stage: ContractStage, row: Row, path: string, { value, by = "ada" }: FieldCase) {
  const good = row.good(stage);
  const request = value ? withField(good, path, value(stage)) : good;
  return { request, token: stage.mesh[by].token };
}

/** Defines a test for each thing that can be wrong with each field. */
function testFields(row: Row, test: (path: string, one: FieldCase) => void): void {
  for (const [path, cases] of Object.entries(row.fields)) for (const one of cases) test(path, one);
}

function demandRow(name: string, fields: readonly string[], answer: string): void {
  if (answer === "not_implemented") return;
  const wanted = fields.length > 0 ? fields.join(", ") : "no fields";
  assert.fail(
    `${name} is built (it answers ${answer}) and has no row in tests/e2e/contract/rows/: ${wanted}`,
  );
}

describe("the whole contract refuses what is wrong by name", () => {
  const mesh = useMesh();
  let stage: ContractStage;
  let stored: Rows;
  const bearer = (token: string) => `Bearer ${token}`;

  before("it has data that is known", async function () {
    this.timeout(stageMsMax);
    stage = await makeContractStage(mesh);
    stored = await mesh.rows();
    const [ada, bob] = [mesh.api(mesh.ada.token), mesh.api(mesh.bob.token)];
    stage = { ...stage, ada, bob };
  });

  it("is found, and has a row for nothing else", () => {
    assert.ok(methods.length >= 43, `${methods.length}`);
    assert.ok(frames.length >= 8, `${frames.length}`);
    const known = methods.map(({ name }) => name);
    assert.deepEqual(
      Object.keys(methodRows).filter((name) => !known.includes(name)),
      [],
    );
    const kinds = frames.map(({ name }) => name);
    assert.deepEqual(
      Object.keys(frameRows).filter((name) => !kinds.includes(name)),
      [],
    );
  });

  for (const method of methods) {
    const { name, fields } = method;
    const row = methodRows[name];
    const call = (token: string, bytes: Uint8Array) => callBytes(mesh.channel(), method, token, bytes);

    describe(name, () => {
      const tokens = [
        ["no token", "", "not_authed"],
        ["an unknown token", bearer(unknownToken), "invalid_auth"],
        ["what is no token", bearer("xoxb-1"), "invalid_auth"],
        ["another scheme", "Basic YTpi", "invalid_auth"],
      ] as const;
      for (const [what, token, error] of tokens) {
        it(`${what}: ${error}`, async () => {
          assert.equal(await call(token, row ? method.encode(row.good(stage)) : garbage), error);
        });
      }

      it("bytes that are no request", async () => {
        const error = name === "Realtime.Subscribe" ? "none" : row ? "invalid_argument" : "not_implemented";
        for (const bytes of [garbage, longGarbage, cutShort]) {
          assert.equal(await call(bearer(mesh.ada.token), bytes), error);
        }
      });

      if (method.isStream) return;
      if (!row) {
        it("is not built, or has a row", async () => {
          demandRow(name, fields, await call(bearer(mesh.ada.token), method.encode({})));
        });
        return;
      }
      it("has cases for every field", () => assert.deepEqual(Object.keys(row.fields), fields));
      testFields(row, (path, one) => {
        it(`${path} ${one.what}${one.by ? `, by ${one.by}` : ""}: ${one.error}`, async () => {
          const { request, token } = requestOf(stage, row, path, one);
          assert.equal(await call(bearer(token), method.encode(request)), one.error);
        });
      });
    });
  }

  for (const { name, fields } of frames) {
    const row = frameRows[name];
    describe(`the frame ${name}`, () => {
      for (const format of ["json", "proto"] as const) {
        const send = (token: string, frame: Request | string | Uint8Array) =>
          sendFrame(stage, token, format, frame);

        if (!row) {
          it(`is not built, or has a row, as ${format}`, async () => {
            demandRow(name, fields, await send(mesh.ada.token, { [name]: {} }));
          });
          continue;
        }
        it(`with bytes that are none, as ${format}`, async () => {
          for (const bytes of [garbage, longGarbage, cutShort]) {
            assert.equal(await send(mesh.ada.token, bytes), "invalid_frame");
          }
        });
        testFields(row, (path, one) => {
          it(`${path} ${one.what}${one.by ? `, by ${one.by}` : ""}, as ${format}: ${one.error}`, async () => {
            const { request, token } = requestOf(stage, row, path, one);
            assert.equal(await send(token, { [name]: request }), one.error);
          });
        });
      }
      if (!row) return;
      it("has cases for every field", () => assert.deepEqual(Object.keys(row.fields), fields));
      it("with fields of another kind", async () => {
        const odd = { toString: 1, valueOf: 1 };
        for (const field of fields) {
          const request: Request = withField(row.good(stage), field, odd);
          assert.equal(
            await sendFrame(stage, mesh.ada.token, "json", { [name]: request }),
            "invalid_frame",
            field,
          );
        }
      });
    });
  }

  describe("and afterwards", () => {
    it("nothing of it was stored", async function () {
      this.timeout(stageMsMax);
      assert.deepEqual(await mesh.rows(), stored);
    });

    // Or else what was refused above may have been refused for another reason.
    for (const method of methods) {
      const row = methodRows[method.name];
      if (!row) continue;
      it(`what is right with ${method.name} is granted`, async () => {
        const request = method.encode(row.good(stage));
        assert.equal(await callBytes(mesh.channel(), method, bearer(mesh.ada.token), request), "none");
      });
    }
    for (const [name, row] of Object.entries(frameRows)) {
      it(`what is right with the frame ${name} is granted`, async () => {
        const answer = await sendFrame(stage, mesh.ada.token, "json", { [name]: row.good(stage) });
        assert.equal(answer, name === "typing" ? "not_in_channel" : "none");
      });
    }
  });
});
