import type { Node, SourceFile } from "typescript/unstable/ast";
import { createVirtualFileSystem } from "typescript/unstable/fs";
import { API } from "typescript/unstable/sync";

/** A TypeScript file; the path is relative to the checkout. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly tree: SourceFile;
  /** All nodes of the tree, parents before children. */
  readonly nodes: readonly Node[];
}

/** Something that breaks a rule, and where: `path:line: what`. */
export type Complaint = string;

type Texts = Readonly<Record<string, string>>;

/** Parses texts with the compiler, which runs as a process of its own until `close`. */
class Parser {
  readonly #files: Record<string, string> = {};
  readonly #parsed = new Map<Texts, Source[]>();
  readonly #compiler: API;

  constructor() {
    const now = () => createVirtualFileSystem(this.#files);
    this.#compiler = new API({
      cwd: "/",
      fs: {
        readFile: (file) => this.#files[file] ?? null,
        fileExists: (file) => file in this.#files,
        directoryExists: (folder) => now().directoryExists?.(folder),
        getAccessibleEntries: (folder) => now().getAccessibleEntries?.(folder),
        realpath: (file) => file,
      },
    });
  }

  /** Parses texts by path and applies a rule to each. */
  check(texts: Texts, rule: (source: Source) => Complaint[]): Complaint[] {
    const sources = this.#parsed.get(texts) ?? this.#parse(texts);
    this.#parsed.set(texts, sources);
    return sources.flatMap(rule);
  }

  #parse(texts: Texts): Source[] {
    const home = `/checkout-${this.#parsed.size}`;
    const project = `${home}/tsconfig.json`;
    const files = Object.keys(texts).map((path) => `${home}/${path}`);
    const options = { noLib: true, noResolve: true, types: [] };
    for (const [path, text] of Object.entries(texts)) this.#files[`${home}/${path}`] = text;
    this.#files[project] = JSON.stringify({ compilerOptions: options, files });
    const snapshot = this.#compiler.updateSnapshot({ openProject: project });
    const program = snapshot.getProject(project)?.program;
    return Object.entries(texts).map(([path, text]) => {
      const tree = program?.getSourceFile(`${home}/${path}`);
      if (!tree) throw new Error(`the compiler returned no tree for ${path}`);
      return { path, text, tree, nodes: nodesOf(tree) };
    });
  }

  close(): void {
    this.#compiler.close();
  }
}

/** Starts the compiler for the suite in whose `describe` it is called; returns what checks texts with it. */
export function useCompiler(): Parser["check"] {
  let parser: Parser;
  before(() => {
    parser = new Parser();
  });
  after(() => parser.close());
  return (texts, rule) => parser.check(texts, rule);
}

function nodesOf(tree: Node): Node[] {
  const nodes = [tree];
  for (const node of nodes) node.forEachChild((child) => void nodes.push(child));
  return nodes;
}

/** First and last line of a node without what stands before it, from 1. */
export function linesOf(source: Source, node: Node): { first: number; last: number } {
  const line = (at: number) => source.tree.getLineAndCharacterOfPosition(at).line + 1;
  return { first: line(node.getStart(source.tree)), last: line(node.end) };
}

/** Words a complaint about a node. */
export function complain(source: Source, node: Node, what: string): Complaint {
  return `${source.path}:${linesOf(source, node).first}: ${what}`;
}
