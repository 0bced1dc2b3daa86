import { isBuiltin } from "node:module";
import { posix } from "node:path";
import type { Node } from "typescript/unstable/ast";
import {
  isCallExpression,
  isElementAccessExpression,
  isExportDeclaration,
  isImportDeclaration,
  isImportSpecifier,
  isPropertyAccessExpression,
  isStringLiteral,
} from "typescript/unstable/ast/is";
import { type Complaint, complain, type Source } from "./parse.js";

/** The modules that a file names, with the nodes that name them. */
export function imports(source: Source): { node: Node; module: string }[] {
  return source.nodes.flatMap((node) => {
    const from = moduleOf(node);
    return from && isStringLiteral(from) ? [{ node, module: from.text }] : [];
  });
}

function moduleOf(node: Node): Node | undefined {
  if (isImportDeclaration(node) || isExportDeclaration(node)) return node.moduleSpecifier;
  const dynamic = isCallExpression(node) && node.expression.getText() === "import";
  return dynamic ? node.arguments[0] : undefined;
}

/**
 * Services meet through lib/ and gen/ only; nothing below them knows them. services/local puts all of them
 * into one process: it may import what lies at the top of a service's folder, never its rooms (`core/` …).
 */
export function crossedBorders(source: Source): Complaint[] {
  return imports(source).flatMap(({ node, module }) => {
    if (!module.startsWith(".")) return [];
    const target = posix.join(posix.dirname(source.path), module);
    const allowed = target.startsWith("services/") ? mayImport(source.path, target) : true;
    return allowed ? [] : [complain(source, node, `imports ${target}`)];
  });
}

function mayImport(path: string, target: string): boolean {
  const [folder, service] = path.split("/");
  if (folder === "lib" || folder === "clients") return false;
  if (folder !== "services") return true;
  const [, other, ...inside] = target.split("/");
  return service === other || (service === "local" && inside.length === 1);
}

/** The environment is read in config.ts and nowhere else. */
export function strayEnvironment(source: Source): Complaint[] {
  const guarded =
    /^(lib|services|clients)\//.test(source.path) && posix.basename(source.path) !== "config.ts";
  if (!guarded) return [];
  return source.nodes
    .filter((node) => readsEnvironment(source, node))
    .map((node) => complain(source, node, "reads the environment"));
}

function readsEnvironment(source: Source, node: Node): boolean {
  if (isPropertyAccessExpression(node) || isElementAccessExpression(node)) {
    return /^(globalThis\.)?process(\.env|\["env"\])$/.test(node.getText(source.tree));
  }
  if (!isImportSpecifier(node)) return false;
  const from = imports(source).filter(({ module }) => /^(node:)?process$/.test(module));
  const name = (node.propertyName ?? node.name).getText(source.tree);
  return name === "env" && from.some((found) => found.node.pos <= node.pos && node.end <= found.node.end);
}

/** Whether a module comes with Node. */
export const isOfNode = (module: string) => isBuiltin(module);
