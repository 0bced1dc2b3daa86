import type { Command } from "commander";
import { readCertificates } from "../login/certificates.js";
import { LoginFile } from "../login/login-file.js";
import { parseToken, readToken } from "../login/read-token.js";
import { parseServerUrl } from "../login/server-url.js";
import { printWho, whoAmI } from "../login/who-am-i.js";
import { type CommonFlags, type Context, interruptedExitCode, useServer, withServer } from "./context.js";

interface Flags extends CommonFlags {
  readonly token?: string;
  readonly insecure?: boolean;
  readonly ca?: string;
}

/** `confab login [URL]` */
export function addLogin(program: Command, context: Context): void {
  program
    .command("login")
    .description("Use a server elsewhere from now on, as whom a token names.")
    .argument("[url]", "the server's, like https://chat.example.com; without it, says which one is used")
    .option(
      "--token <token>",
      "better given on the standard input: others can see what programs are started with",
    )
    .option("--ca <file>", "certificates (PEM) of who signed the server's, if this machine does not trust it")
    .option("--insecure", "let the token go over http:// to another machine")
    .action((url: string | undefined, _flags, command: Command) => {
      const flags = command.optsWithGlobals<Flags>();
      if (url === undefined) return withServer(context, flags, printWho(context, flags));
      return logIn(context, url, flags);
    });
}

/** Nothing is stored before the server has taken the token. */
async function logIn(context: Context, text: string, flags: Flags): Promise<void> {
  const { terminal, config } = context;
  const url = parseServerUrl(text, flags);
  const ca = flags.ca === undefined ? undefined : await readCertificates(flags.ca);
  const token = flags.token === undefined ? await readToken(terminal) : parseToken(flags.token);
  if (token === undefined) return context.exit(interruptedExitCode);
  const login = { url, token, ...(ca !== undefined && { ca }) };
  await useServer(
    context,
    async () => login,
    async (client, session) => {
      await whoAmI(client, session);
      await new LoginFile(config.folder).write(login);
      await printWho(context, flags)(client, session);
    },
  );
  const first = Object.entries({ CONFAB_DATA: config.data, CONFAB_TOKEN: config.token }).filter(
    ([, set]) => set,
  );
  for (const [name] of first) terminal.say(`confab: the variable ${name} is set and goes before the login`);
}
