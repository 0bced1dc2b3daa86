import { ConfabError } from "../errors/errors.js";
import { type Transaction, transactionOpsMax } from "./coordinator.js";

/**
 * Refuses, with `invalid_argument`, what etcd would refuse: too many operations, or two writes of one key.
 */
export function checkTransaction({ when = [], put = [], remove = [] }: Transaction): void {
  if (when.length > transactionOpsMax) refuse("when", `at most ${transactionOpsMax} conditions`);
  const written = [...put.map((write) => write.key), ...remove];
  if (written.length > transactionOpsMax) refuse("put", `at most ${transactionOpsMax} writes`);
  if (new Set(written).size < written.length) refuse("put", "each key at most once");
  if ([...written, ...when.map((condition) => condition.key)].includes("")) refuse("key", "no empty key");
}

function refuse(field: string, rule: string): never {
  throw new ConfabError("invalid_argument", field, `a transaction takes ${rule}`);
}
