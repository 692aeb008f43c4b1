// A chat client made of tmi.js: prints what it receives, a line for each event, and
// sends what it reads from its standard input.
const tmi = require('tmi.js');
const [server, port, username, password] = process.argv.slice(2);
const client = new tmi.Client({
	options: { debug: false, skipUpdatingEmotesets: true },
	logger: { info() {}, warn() {}, error() {} },
	connection: { server, port: Number(port), secure: false, reconnect: true, reconnectInterval: 1000 },
	identity: username ? { username, password: `oauth:${password}` } : undefined,
	channels: ['ada'],
});
const show = (...values) => console.log(values.join(' '));
client.on('join', (channel, name, self) => self && show('joined', channel));
client.on('message', (channel, tags, text, self) => show(self ? 'own' : tags['message-type'], channel, tags.username, text));
client.on('subscription', (channel, name, method, text, tags) => show('subscription', channel, tags.login));
client.on('timeout', (channel, name, reason, seconds) => show('timeout', channel, name, seconds));
client.on('ban', (channel, name) => show('ban', channel, name));
client.on('clearchat', (channel) => show('clear', channel));
client.on('messagedeleted', (channel, name, text) => show('deleted', channel, name, text));
client.on('disconnected', () => show('disconnected'));
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
	const [verb, ...words] = line.split(' ');
	const text = words.join(' ');
	({ say: () => client.say('ada', text), act: () => client.action('ada', text),
		reply: () => client.raw(`@reply-parent-msg-id=${words[0]} PRIVMSG #ada :${words.slice(1).join(' ')}`) })[verb]();
}).on('close', () => process.exit(0));
client.connect().catch((err) => { show('failed', err); process.exit(1); });
