import type { Node } from "typescript/unstable/ast";
import { isCallExpression, isFunctionLikeDeclaration } from "typescript/unstable/ast/is";
import { type Complaint, complain, linesOf, type Source } from "./parse.js";

const functionLinesMax = 60;

/**
 * A function fits on a screen. A list of tests is not one: the lines of `describe` and `it` do not count for
 * what they stand in, and nothing counts for `describe` itself, while each test does.
 */
export function longFunctions(source: Source): Complaint[] {
  const tests = source.nodes.filter(
    (node) => isCallOf(source, node, "describe") || isCallOf(source, node, "it"),
  );
  return source.nodes.filter(isFunctionLikeDeclaration).flatMap((node) => {
    if (isCallOf(source, node.parent, "describe")) return [];
    const inside = tests.filter(({ pos, end }) => node.pos < pos && end <= node.end);
    const lines = numbersOf(source, node);
    for (const test of inside) for (const line of numbersOf(source, test)) lines.delete(line);
    return lines.size > functionLinesMax ? [complain(source, node, `function of ${lines.size} lines`)] : [];
  });
}

function isCallOf(source: Source, node: Node, name: "describe" | "it"): boolean {
  if (!isCallExpression(node)) return false;
  const called = node.expression.getText(source.tree);
  return called === name || called === `${name}.only` || called === `${name}.skip`;
}

function numbersOf(source: Source, node: Node): Set<number> {
  const { first, last } = linesOf(source, node);
  return new Set(Array.from({ length: last - first + 1 }, (_, i) => first + i));
}
