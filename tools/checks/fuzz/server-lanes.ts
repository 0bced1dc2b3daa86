import { type Client, Metadata } from "@grpc/grpc-js";
import { fromGrpcError } from "../../../lib/errors/grpc-error.js";
import { contractMethods } from "../../../tests/e2e/contract/contract.js";
import { methodRows } from "../../../tests/e2e/contract/rows/rows.js";
import { callBytes } from "../../../tests/e2e/contract/senders.js";
import { type ContractStage, makeContractStage } from "../../../tests/e2e/contract/stage.js";
import { LocalTarget } from "../../../tests/e2e/target/local-target.js";
import { TestMesh } from "../../../tests/e2e/test-mesh.js";
import type { Random } from "../../../tests/sim/random.js";
import { request } from "../server.js";
import { chanceBytes } from "./chance.js";
import { changedBytes, changedText, fuzzedFrame } from "./inputs.js";
import { encodeSample } from "./samples.js";
import type { Tally } from "./tally.js";

/** Inputs under way at a time. */
const inputsAtOnce = 40;
const pingId = 987_654_321;
/** Slack's names of errors that say that something broke. */
const broken = ["internal_error", "fatal_error"];

/**
 * A whole server, to which somebody of another workspace sends what asks for Ada's things: gRPC calls, a gRPC
 * stream and HTTP bodies. Nothing that is Ada's may change.
 */
export class ServerLanes {
  readonly #mesh = new TestMesh(new LocalTarget());
  #stage!: ContractStage;
  #stored: readonly string[] = [];

  constructor(
    private readonly random: Random,
    private readonly tally: Tally,
  ) {}

  async start(): Promise<void> {
    await this.#mesh.start();
    this.#stage = await makeContractStage(this.#mesh);
    this.#stored = await this.#ofAda();
  }

  /** Bodies of unary calls, of every method. */
  async unary(count: number): Promise<void> {
    const methods = contractMethods().filter(({ isStream }) => !isStream);
    const authorization = `Bearer ${this.#mesh.eve.token}`;
    await this.#inBatches(count, async () => {
      const method = this.random.pick(methods);
      const good = method.encode(methodRows[method.name]?.good(this.#stage) ?? {});
      const code = await callBytes(
        this.#mesh.channel(),
        method,
        authorization,
        changedBytes(this.random, good),
      );
      if (code === "none") this.tally.granted++;
      else this.tally.refusal(code);
    });
  }

  /** Bodies of HTTP requests, in JSON and as forms. */
  async http(count: number): Promise<void> {
    const web = ["/api/api.test", "/api/auth.test", "/api/rtm.connect", "/api/no.such"];
    const contract = contractMethods().map(({ path }) => path);
    await this.#inBatches(count, async () => {
      const path = this.random.pick(this.random.chance(0.5) ? web : contract);
      const isForm = this.random.chance(0.2);
      const args = { channelId: this.#stage.channelId, text: "x", error: "", more: [{ a: 1 }] };
      const answer = await request(this.#mesh.server, path, {
        method: "POST",
        headers: {
          authorization: `Bearer ${this.#mesh.eve.token}`,
          "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json",
        },
        body: isForm
          ? new Uint8Array(chanceBytes(this.random, 200))
          : new Uint8Array(changedText(this.random, args)),
      });
      const text = await answer.text();
      const { ok, error, code } = JSON.parse(text) as { ok?: boolean; error?: string; code?: string };
      if (answer.status >= 500 && answer.status !== 501) throw new Error(`HTTP ${answer.status}: ${text}`);
      if (broken.includes(error ?? "") || code === "internal") throw new Error(`${path}: ${text}`);
      if (ok) this.tally.granted++;
      else this.tally.refused++;
    });
  }

  /** Frames over `Realtime.Subscribe`. */
  async stream(count: number): Promise<void> {
    for (let sent = 0; sent < count; sent += inputsAtOnce) {
      await this.#streamOnce(this.#mesh.channel(), Math.min(inputsAtOnce, count - sent));
    }
  }

  /** Ends the server and removes its data, in whatever state it is. */
  end(): Promise<void> {
    return this.#mesh.close();
  }

  /** Ends the server. @throws when anything of Ada's is not as it was */
  async close(): Promise<void> {
    const stored = await this.#ofAda();
    await this.#mesh.close();
    const known = new Set(this.#stored);
    const more = stored.filter((row) => !known.has(row));
    if (more.length > 0 || stored.length !== this.#stored.length) {
      throw new Error(`${this.#stored.length} rows became ${stored.length}: ${more.join(" ").slice(0, 500)}`);
    }
  }

  async #inBatches(count: number, work: () => Promise<void>): Promise<void> {
    for (let sent = 0; sent < count; sent += inputsAtOnce) {
      const size = Math.min(inputsAtOnce, count - sent);
      this.tally.sent += size;
      await Promise.all(Array.from({ length: size }, work));
    }
  }

  #streamOnce(client: Client, frames: number): Promise<void> {
    const { random, tally } = this;
    const metadata = new Metadata();
    metadata.set("authorization", `Bearer ${this.#mesh.eve.token}`);
    const [same, subjects] = [(bytes: Buffer) => bytes, this.#subjects()];
    const stream = client.makeBidiStreamRequest("/confab.v1.Realtime/Subscribe", same, same, metadata);
    return new Promise((resolve, reject) => {
      stream.on("data", (answer: Buffer) => {
        try {
          const { frame } = tally.frame(answer);
          if (frame?.$case === "pong" && frame.value.requestId === pingId) stream.end();
        } catch (error) {
          reject(error);
        }
      });
      stream.on("end", resolve);
      stream.on("error", (error) => {
        const { code } = fromGrpcError(error);
        if (code !== "frame_too_large") return reject(new Error(`a stream ended by ${code}`));
        tally.closed++;
        resolve();
      });
      for (let i = 0; i < frames; i++) stream.write(fuzzedFrame(random, "proto", subjects));
      tally.sent += frames;
      stream.write(encodeSample({ requestId: pingId, ping: {} }));
    });
  }

  #subjects() {
    const { channelId, privateId, mesh } = this.#stage;
    return { channels: [channelId, privateId], users: [mesh.ada.id] };
  }

  /** Rows that have to do with Ada or hers. */
  async #ofAda(): Promise<readonly string[]> {
    const { channelId, privateId, mesh } = this.#stage;
    const ids = [channelId, privateId, mesh.ada.id, mesh.bob.id];
    const rows = Object.entries(await mesh.rows()).flatMap(([table, all]) =>
      all.map((row) => `${table} ${row}`),
    );
    return rows.filter((row) => ids.some((id) => row.includes(id)));
  }
}
