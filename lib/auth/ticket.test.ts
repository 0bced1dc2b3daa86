import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKeyPair, SignJWT } from "jose";
import { systemClock } from "../clock/system-clock.js";
import type { UserId, WorkspaceId } from "../ids/ids.js";
import { TicketIssuer, TicketVerifier } from "./ticket.js";
import {
  createTicketKey,
  loadTicketKeys,
  readCheckingKey,
  readSigningKey,
  type TicketKeys,
} from "./ticket-keys.js";

const caller = {
  userId: "U000000000001" as UserId,
  workspaceId: "W000000000001" as WorkspaceId,
  tokenId: "T1",
};
/** A time that lies far behind the machine's, so that only the clock from outside can make a ticket valid. */
const startMs = Date.UTC(2020, 0, 1);
const refused = { name: "ConfabError", code: "invalid_ticket" };

describe("tickets", () => {
  let folder: string;
  let keys: TicketKeys;
  const clock = { ...systemClock, nowMs: startMs, now: () => clock.nowMs };
  let made = 0;
  const issuer = () => new TicketIssuer(keys.privateKey, clock, () => `ticket-${++made}`);
  const verifier = () => new TicketVerifier(keys.publicKey, clock);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "confab-ticket-"));
    keys = await loadTicketKeys(folder);
  });
  beforeEach(() => {
    clock.nowMs = startMs;
  });
  after(() => rm(folder, { recursive: true }));

  it("prove who the caller is", async () => {
    const { ticket, ttlMs } = await issuer().issue(caller);
    assert.equal(ttlMs, 60_000);
    const expected = { caller, id: `ticket-${made}`, expiresMs: startMs + 60_000 };
    assert.deepEqual(await verifier().verify(ticket), expected);
  });

  it("have the characters of a WebSocket subprotocol only", async () => {
    const { ticket } = await issuer().issue(caller);
    assert.match(ticket, /^[A-Za-z0-9._-]+$/);
  });

  it("hold for a minute and no longer", async () => {
    const { ticket } = await issuer().issue(caller);
    clock.nowMs = startMs + 59_999;
    await verifier().verify(ticket);
    clock.nowMs = startMs + 60_000;
    await assert.rejects(verifier().verify(ticket), refused);
  });

  it("of another key are refused", async () => {
    const { privateKey } = await generateKeyPair("EdDSA");
    const forged = await new TicketIssuer(privateKey, clock, () => "x").issue(caller);
    await assert.rejects(verifier().verify(forged.ticket), refused);
  });

  it("with changed claims, without signature or in pieces are refused", async () => {
    const { ticket } = await issuer().issue(caller);
    const [, claims, signature] = ticket.split(".") as [string, string, string];
    const other = Buffer.from(
      Buffer.from(claims, "base64url").toString().replace("U000000000001", "U000000000002"),
    ).toString("base64url");
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    const head = ticket.split(".")[0];
    const pieces = ["", "a.b.c", "..", claims, `${ticket}.${signature}`, `${head}.${claims}`];
    const changed = [`${head}.${other}.${signature}`, `${none}.${claims}.`, `${none}.${claims}.${signature}`];
    for (const text of [...changed, ...pieces, `${head}.${claims}.AAAA`]) {
      await assert.rejects(verifier().verify(text), refused, text);
    }
  });

  it("are checked in the turn in which that is asked", async () => {
    const { ticket } = await issuer().issue(caller);
    let isTurnOver = false;
    setImmediate(() => {
      isTurnOver = true;
    });
    await verifier().verify(ticket);
    await assert.rejects(verifier().verify("a.b.c"), refused);
    assert.equal(isTurnOver, false);
  });

  it("for another audience, from another issuer or without a claim are refused", async () => {
    const sign = (change: (jwt: SignJWT) => SignJWT, claims: Record<string, string> = {}) => {
      const jwt = new SignJWT({ workspace: caller.workspaceId, token: "T1", ...claims })
        .setProtectedHeader({ alg: "EdDSA" })
        .setIssuer("confab")
        .setAudience("confab-gateway")
        .setSubject(caller.userId)
        .setJti("1")
        .setExpirationTime(startMs / 1000 + 60);
      return change(jwt).sign(keys.privateKey);
    };
    await verifier().verify(await sign((jwt) => jwt));
    for (const wrong of [
      await sign((jwt) => jwt.setAudience("confab-web")),
      await sign((jwt) => jwt.setIssuer("somebody")),
      await sign((jwt) => jwt.setSubject("C000000000001")),
      await sign((jwt) => jwt, { workspace: "U000000000001" }),
      await new SignJWT({}).setProtectedHeader({ alg: "EdDSA" }).sign(keys.privateKey),
    ]) {
      await assert.rejects(verifier().verify(wrong), refused);
    }
  });

  it("are signed by a key that only its owner can read and that stays the same", async () => {
    const path = join(folder, "ticket-key.json");
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    const again = await loadTicketKeys(folder);
    const { ticket } = await issuer().issue(caller);
    await new TicketVerifier(again.publicKey, clock).verify(ticket);
  });

  it("are signed by one key when many processes make it at the same time", async () => {
    const fresh = join(folder, "fresh");
    const all = await Promise.all(Array.from({ length: 8 }, () => loadTicketKeys(fresh)));
    const { ticket } = await new TicketIssuer(all[0]!.privateKey, clock, () => "x").issue(caller);
    for (const { publicKey } of all) await new TicketVerifier(publicKey, clock).verify(ticket);
  });

  it("are signed by the key of a file, and checked by its public part, which all may read", async () => {
    const file = join(folder, "mesh", "key.json");
    await createTicketKey(file);
    const before = await readFile(file, "utf8");
    await createTicketKey(file);
    assert.equal(await readFile(file, "utf8"), before);
    const { d: _secret, ...open } = JSON.parse(before);
    const publicFile = join(folder, "mesh", "public.json");
    await writeFile(publicFile, JSON.stringify(open), { mode: 0o644 });
    const { ticket } = await new TicketIssuer(await readSigningKey(file), clock, () => "x").issue(caller);
    for (const one of [file, publicFile]) {
      await new TicketVerifier(await readCheckingKey(one), clock).verify(ticket);
    }
    await assert.rejects(readSigningKey(publicFile), /CONFAB_TICKET_KEY: .* holds a public key only/);
    await assert.rejects(
      readCheckingKey(join(folder, "none")),
      /CONFAB_TICKET_KEY: cannot be read \(ENOENT\)/,
    );
    await chmod(file, 0o644);
    await assert.rejects(readCheckingKey(file), /CONFAB_TICKET_KEY: .*chmod 600/);
  });

  it("are not signed by a key that everybody can read, or that is none", async () => {
    const other = join(folder, "other");
    await loadTicketKeys(other);
    const path = join(other, "ticket-key.json");
    await chmod(path, 0o644);
    await assert.rejects(loadTicketKeys(other), /chmod 600/);
    await chmod(path, 0o600);
    await writeFile(path, '{"kty":"OKP","d":"secret"}');
    await assert.rejects(
      loadTicketKeys(other),
      (error: Error) => /Ed25519/.test(error.message) && !error.message.includes("secret"),
    );
  });
});
