// Repeats what follows "!echo": node dist/clients/sdk/examples/echo.js URL TOKEN CHANNEL
import { connect } from "../node.js";

const [url = "", token = "", channel = ""] = process.argv.slice(2);
const client = connect({ url, token });

const subscription = client.subscribe(channel, async ({ kind }) => {
  const text = kind?.$case === "messagePosted" ? kind.value.text : "";
  if (text.startsWith("!echo ")) await client.post(channel, text.slice("!echo ".length));
});
await subscription.ready;
console.log(`listening in ${channel}`);

process.once("SIGTERM", () => client.close());
const error = await subscription.closed;
if (error) console.error(error.message);
