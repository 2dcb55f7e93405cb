// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that several daemons have, put to each that has the module.
 *
 * vtysh itself gives up at the first daemon that does not know a command, and zebra comes before bgpd. And two answers in JSON
 * one behind the other are not JSON: what daemons answer has the same form, so it is merged into one.
 */

#include <config.h>

#include <sys/socket.h>
#include <sys/un.h>

#include "zebra.h"
#include "command.h"
#include "json.h"
#include "vtysh/vtysh.h"

#include "addon.h"

/* Most that a daemon's answer is read of. */
#define MOST_ANSWER (64u << 20)

struct daemon {
	const char *name;
	int bit;
	/* What it said, and its status; null where it was not to be reached. */
	char *answer;
	int status;
};

/* Reads up to three NULs and the status. */
static char *read_answer(int fd, int *status)
{
	size_t room = 4096, used = 0;
	char *text = malloc(room);

	while (text) {
		ssize_t got = read(fd, text + used, room - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0 || used > MOST_ANSWER)
			break;
		used += got;
		if (used >= 4 && !memcmp(text + used - 4, "\0\0", 3)) {
			*status = (unsigned char)text[used - 1];
			text[used - 4] = '\0';
			return text;
		}
		if (used == room) {
			char *more = realloc(text, room *= 2);

			if (!more)
				break;
			text = more;
		}
	}
	free(text);
	return NULL;
}

static char *put(int fd, const char *line, int *status)
{
	size_t length = strlen(line) + 1;

	return send(fd, line, length, MSG_NOSIGNAL) == (ssize_t)length ? read_answer(fd, status) : NULL;
}

static void ask(struct daemon *of, const char *command)
{
	/* Scripts are loaded meanwhile; a daemon that says nothing for so long is not waited for. */
	const struct timeval patience = {.tv_sec = 120};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	/* vtysh's folder of sockets, with its options applied. */
	int length = snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s.vty", vtydir, of->name);
	int fd;

	if (length < 0 || (size_t)length >= sizeof(address.sun_path))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		free(put(fd, "enable", &of->status));
		of->answer = put(fd, command, &of->status);
	}
	close(fd);
}

/* Objects' members and lists' items of the one are added to the other. */
static void merge(json_object *into, json_object *from)
{
	json_object_object_foreach(from, key, value)
	{
		json_object *there;

		if (!json_object_object_get_ex(into, key, &there))
			json_object_object_add(into, key, json_object_get(value));
		else if (json_object_is_type(there, json_type_array) && json_object_is_type(value, json_type_array))
			for (size_t i = 0; i < json_object_array_length(value); i++)
				json_object_array_add(there, json_object_get(json_object_array_get_idx(value, i)));
		else if (json_object_is_type(there, json_type_object) && json_object_is_type(value, json_type_object))
			merge(there, value);
	}
}

/* False where one of them answered with something else than an object: a message, such as that it has not started. */
static bool show_merged(struct vty *vty, const struct daemon *daemons, size_t count)
{
	json_object *all = json_object_new_object();

	for (size_t i = 0; i < count; i++) {
		json_object *one = daemons[i].answer ? json_tokener_parse(daemons[i].answer) : NULL;

		if (daemons[i].answer && !json_object_is_type(one, json_type_object)) {
			json_object_put(one);
			json_object_put(all);
			return false;
		}
		if (one)
			merge(all, one);
		json_object_put(one);
	}
	vty_json(vty, all);
	return true;
}

int th_ask(struct vty *vty, int bits, const char *command, bool json)
{
	struct daemon daemons[] = {{.name = "bgpd", .bit = VTYSH_BGPD}, {.name = "zebra", .bit = VTYSH_ZEBRA}};
	size_t answered = 0, running = 0;
	int status = CMD_SUCCESS;

	for (size_t i = 0; i < array_size(daemons); i++) {
		struct daemon *of = &daemons[i];

		if (of->bit & bits)
			ask(of, command);
		running += of->answer != NULL;
		/* It runs without the module. */
		if (of->answer && of->status == CMD_ERR_NO_MATCH) {
			free(of->answer);
			of->answer = NULL;
		}
		if (!of->answer)
			continue;
		answered++;
		if (of->status != CMD_SUCCESS)
			status = of->status;
	}
	if (!answered) {
		vty_out(vty, running ? "%% no daemon has the module: it is loaded with -M tenterhook in /etc/frr/daemons\n"
				     : "%% neither bgpd nor zebra runs\n");
		return CMD_WARNING;
	}
	if (!(json && answered > 1 && show_merged(vty, daemons, array_size(daemons))))
		for (size_t i = 0; i < array_size(daemons); i++)
			if (daemons[i].answer) {
				if (answered > 1)
					vty_out(vty, "%s:\n", daemons[i].name);
				vty_out(vty, "%s", daemons[i].answer);
			}
	for (size_t i = 0; i < array_size(daemons); i++)
		free(daemons[i].answer);
	return status;
}
