/**
 * How many of `total` slots each member is due: apportionment by the divisor method of Webster and
 * Sainte-Laguë (Balinski and Young, "Fair Representation", 1982), each with at least its minimum. Divisor
 * methods have what minimal movement needs: a member that comes or goes never changes two others' quotas in
 * opposite directions. Equal claims go to whom comes first. Members of whom none has a weight count alike.
 */
export function apportion(weights: readonly number[], minimums: readonly number[], total: number): number[] {
  const sum = weights.reduce((one, other) => one + other, 0);
  const claims = sum > 0 ? weights : weights.map(() => 1);
  const divisor = (sum > 0 ? sum : weights.length) / total;
  const quotas = claims.map((claim, i) => Math.max(minimums[i]!, Math.round(claim / divisor)));
  let left = total - quotas.reduce((one, other) => one + other, 0);
  for (; left > 0; left--) quotas[strongest(claims, quotas)]!++;
  for (; left < 0; left++) quotas[weakest(claims, quotas, minimums)]!--;
  return quotas;
}

/** Who has the best claim to one slot more. */
function strongest(claims: readonly number[], quotas: readonly number[]): number {
  let best = 0;
  const claimOf = (i: number) => claims[i]! / (2 * quotas[i]! + 1);
  for (let i = 1; i < claims.length; i++) if (claimOf(i) > claimOf(best)) best = i;
  return best;
}

/** Who has the worst claim to its last slot, of those that have more than their minimum. */
function weakest(claims: readonly number[], quotas: readonly number[], minimums: readonly number[]): number {
  let worst = -1;
  const claimOf = (i: number) => claims[i]! / (2 * quotas[i]! - 1);
  for (let i = 0; i < claims.length; i++) {
    if (quotas[i]! <= minimums[i]!) continue;
    if (worst < 0 || claimOf(i) <= claimOf(worst)) worst = i;
  }
  return worst;
}
