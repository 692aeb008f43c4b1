// The code of docs/guides/from-tmi-js.md that is written with tmi.js.
const tmi = require('tmi.js');
const [server, port, token] = process.argv.slice(2);
const emulated = {
	options: { skipUpdatingEmotesets: true },
	logger: { info() {}, warn() {}, error() {} },
	connection: { server, port: Number(port), secure: false, reconnect: true },
};
const show = (...values) => console.log(values.join(' '));

const client = new tmi.Client({
	...emulated,
	identity: { username: 'bot', password: `oauth:${token}` },
	channels: ['ada', 'hedy'],
});

client.on('message', (channel, tags, message, self) => {
	if (self) return;
	if (message.toLowerCase() === '!hello') {
		client.say(channel, `@${tags.username}, heya!`);
	}
	if (tags.mod || tags.badges?.broadcaster) {
		show('moderator', tags.username, message);
	}
});

client.on('subscription', (channel, username, method, message, tags) => {
	client.say(channel, `Welcome ${username}!`);
});
client.on('raided', (channel, username, viewers) => {
	client.say(channel, `${username} brings ${viewers} viewers`);
});
client.on('timeout', (channel, username, reason, duration) => {
	show('timeout', username, duration);
});

client.on('connected', () => {
	client.join('grace').then(() => client.action('grace', 'looks around')).then(() => client.part('grace'));
});

client.connect().catch((err) => { show('failed', err); process.exit(1); });
process.stdin.on('end', () => process.exit(0)).resume();
