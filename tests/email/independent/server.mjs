// A mail server that is not ours. Prints its port, then each message as one line of JSON: the
// envelope as the server understood it, the headers and parts as the parser did.

import { SMTPServer } from "smtp-server";
import { simpleParser } from "mailparser";

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const server = new SMTPServer({
  disabledCommands: ["STARTTLS"],
  allowInsecureAuth: true,
  authOptional: true,
  onAuth: ({ username, password }, _session, callback) =>
    username === "ada" && password === "p@ss"
      ? callback(null, { user: username })
      : callback(new Error("who?")),
  onData: (stream, session, callback) => {
    simpleParser(stream).then((mail) => {
      print({
        user: session.user ?? null,
        from: session.envelope.mailFrom.address,
        recipients: session.envelope.rcptTo.map(({ address }) => address),
        headerFrom: mail.from.text,
        headerTo: mail.to.value.map(({ address }) => address),
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
      });
      callback();
    }, callback);
  },
});
server.on("error", (error) => process.stderr.write(`${error}\n`));
server.listen(0, "127.0.0.1", () => print({ port: server.server.address().port }));
// Ends with the test at the latest.
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
