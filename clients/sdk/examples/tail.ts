// Prints a channel's messages from its beginning: node dist/clients/sdk/examples/tail.js URL TOKEN CHANNEL
import { connect, fromStart } from "../node.js";

const [url = "", token = "", channel = ""] = process.argv.slice(2);
const client = connect({ url, token, onState: (state) => console.error(state) });
process.once("SIGTERM", () => client.close());

for await (const { seq, author, kind } of client.subscribe({ channel, position: fromStart })) {
  if (kind?.$case === "messagePosted") console.log(`${seq} ${author} ${kind.value.text}`);
}
