// Package action declares what skills can do on Twitch. Each [Action] stands here once:
// its fields with their types and defaults, the endpoints that it calls, its
// documentation, and the code that carries it out. The parser, the checks of a
// configuration, the scopes of a login, the functions of scripts and the reference page
// all read this declaration.
//
// An action whose fields have values is an [Effect]. It is plain data, so that it can
// wait in a queue or on a disk before [Do] carries it out.
package action
