// uWebSockets.js and nothing else: what a publication costs at the least. A text frame "S" with topics joins
// them; a binary one publishes what follows its first line, in pieces of equal length, to the topic and in
// so many pieces as that line says.
import uWS from "uWebSockets.js";

const payloadBytesMax = 1024 * 1024;
const newline = 10;

const app = uWS.App();
app.ws("/*", {
  compression: uWS.DISABLED,
  maxPayloadLength: payloadBytesMax,
  idleTimeout: 120,
  message(socket, message, isBinary) {
    const bytes = Buffer.from(message);
    if (!isBinary) {
      for (const topic of bytes.toString("latin1", 1).split(",")) socket.subscribe(topic);
      socket.send('{"ready":{}}');
      return;
    }
    const end = bytes.indexOf(newline);
    const [topic = "", pieces = "1"] = bytes.toString("latin1", 0, end).split(" ");
    const pieceBytes = (bytes.length - end - 1) / Number(pieces);
    for (let at = end + 1; at < bytes.length; at += pieceBytes) {
      app.publish(topic, bytes.subarray(at, at + pieceBytes), false);
    }
    socket.send("ok");
  },
});
app.listen("127.0.0.1", 0, (listening) => {
  if (!listening) process.exit(1);
  process.send?.(uWS.us_socket_local_port(listening));
});
process.on("disconnect", () => process.exit());
