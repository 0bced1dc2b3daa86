// Repeats what others say: node dist/clients/sdk/examples/echo.js URL TOKEN CHANNEL
import { connect } from "../node.js";

const [url = "", token = "", channel = ""] = process.argv.slice(2);
const client = connect({ url, token });
const { user } = await client.directory.whoAmI();

const subscription = client.subscribe(channel, async ({ author, kind }) => {
  if (kind?.$case !== "messagePosted" || author === user?.id) return;
  await client.post(channel, `You said: ${kind.value.text}`);
});
await subscription.ready;
console.log(`listening in ${channel}`);
process.once("SIGTERM", () => client.close());
const error = await subscription.closed;
if (error) console.error(error.message);
