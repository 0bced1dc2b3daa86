import { type Node, SyntaxKind } from "typescript/unstable/ast";
import { isIdentifier, isPropertyAccessExpression } from "typescript/unstable/ast/is";
import { imports, isOfNode } from "./boundary-rules.js";
import { type Complaint, complain, type Source } from "./parse.js";

const impure = new Set(
  "Date performance process crypto setTimeout setInterval setImmediate queueMicrotask".split(" "),
);
const waiting = new Set([SyntaxKind.AsyncKeyword, SyntaxKind.AwaitKeyword, SyntaxKind.AwaitExpression]);

/** What lies in a folder `core/` is a pure state machine without time, chance, timers, waiting or input. */
export function impureCore(source: Source): Complaint[] {
  if (!source.path.includes("/core/") || source.path.endsWith(".test.ts")) return [];
  const outside = imports(source).filter(({ module }) => isOfNode(module));
  const found = source.nodes.flatMap((node) => {
    const what = impurity(source, node);
    return what ? [complain(source, node, what)] : [];
  });
  return [...outside.map(({ node, module }) => complain(source, node, `imports ${module}`)), ...found];
}

function impurity(source: Source, node: Node): string | undefined {
  if (waiting.has(node.kind)) return "waits";
  if (isPropertyAccessExpression(node) && node.getText(source.tree) === "Math.random")
    return "uses Math.random";
  if (isIdentifier(node) && impure.has(node.text) && !isMemberName(source, node)) return `uses ${node.text}`;
  return undefined;
}

/** `clock.Date` or `{ Date: … }` is a member of something else, not the global; `globalThis.Date` is. */
function isMemberName(source: Source, node: Node): boolean {
  const { parent } = node;
  if (isPropertyAccessExpression(parent) && parent.name === node) {
    return parent.expression.getText(source.tree) !== "globalThis";
  }
  return memberKinds.has(parent.kind) && "name" in parent && parent.name === node;
}

const memberKinds = new Set([
  SyntaxKind.PropertyAssignment,
  SyntaxKind.PropertySignature,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.MethodSignature,
  SyntaxKind.MethodDeclaration,
]);
