// SPDX-License-Identifier: GPL-2.0-or-later
/* Which entries of route maps had a script when bgpd ran last, in a file of the state folder.
 *
 * An entry that has lost its `match script` lets everything through, and nothing else shows it: a vtysh that does not know
 * the line drops it, and so does what is written to the configuration while the module is missing. So the file is compared
 * with the configuration once that has been read, and what is missing is logged, at every start until the entry has a
 * script again or is gone, or the file is.
 *
 * Whether a configuration has been read to its end is not said: vtysh sends it line by line. It counts as read when nothing
 * has changed from one look to the next. The file is written by a thread of its own, so that bgpd does not wait for a disk.
 */

#include <config.h>

#include <ctype.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

#include "zebra.h"
#include "hook.h"
#include "libfrr.h"
#include "log.h"
#include "memory.h"
#include "northbound.h"
#include "routemap.h"

#include "bgpd/bgpd.h"

#include "bgp.h"

DEFINE_MTYPE_STATIC(TENTERHOOK, MEMORY, "Tenterhook remembered entry");

#define LOOK_EVERY_MS 2000
/* What comes so late is waited for: an entry that is not there by then is gone. */
#define LOOKS_AT_START 10
/* A folder that cannot be written is tried again so many looks later. */
#define LOOKS_BEFORE_RETRY 5

#define HEADER "tenterhook route-maps 1\n"
#define MOST_ENTRIES 4096
#define LONGEST 255
#define MOST_BYTES (MOST_ENTRIES * (2 * LONGEST + 16))

struct remembered {
	struct remembered *next;
	char map[LONGEST + 1];
	int pref;
	char script[LONGEST + 1];
	/* Whether this is what the file had, of an entry that has no script now; and whether that was logged. */
	bool lost, logged;
};

static struct remembered *remembered;
static unsigned int looks;
/* Of the configuration at the last look. */
static uint32_t version;
/* Whether it has been compared. */
static bool settled;
static struct th_event *timer;
/* What was wrong with the file: where the log goes is known once the configuration is read. */
static char problem[512];
/* Whether the file is not as it should be, and whether a thread is writing it. */
static bool stale;
static bool writing;
static bool failed;
/* From which look on it may be written; later than at once where that failed, which is logged the first time. */
static unsigned int write_from;
static bool failing;
/* Whether there are as many entries as are written down, or more. */
static bool truncated;

static void path_of(char *path, size_t size, const char *end)
{
	snprintf(path, size, "%s/bgpd.route-maps%s", th_options.state, end);
}

static void forget(struct remembered *list)
{
	while (list) {
		struct remembered *next = list->next;

		XFREE(MTYPE_MEMORY, list);
		list = next;
	}
}

/* Adds a copy to the end of a list. */
static struct remembered *add(struct remembered ***last, const struct remembered *of)
{
	struct remembered *one = XMALLOC(MTYPE_MEMORY, sizeof(*one));

	*one = *of;
	one->next = NULL;
	**last = one;
	*last = &one->next;
	return one;
}

/* ---- the file ---- */

/* Whether every line is as it should be; what is before one that is not is remembered. */
static bool read_lines(FILE *file)
{
	char line[2 * LONGEST + 32], end;
	struct remembered **last = &remembered;
	struct remembered one = {.lost = true};

	if (!fgets(line, sizeof(line), file) || strcmp(line, HEADER))
		return false;
	for (unsigned int count = 0; fgets(line, sizeof(line), file); count++) {
		if (count == MOST_ENTRIES || sscanf(line, "%255s %d %255s%c", one.map, &one.pref, one.script, &end) != 4 ||
		    end != '\n' || one.pref < 0)
			return false;
		/* It is printed in the log. Names may be in any language. */
		for (const char *c = line; *c && *c != '\n'; c++)
			if (iscntrl((unsigned char)*c))
				return false;
		add(&last, &one);
	}
	return !ferror(file);
}

static void read_file(void)
{
	char path[sizeof(th_options.state) + 32];
	struct stat of;
	FILE *file;
	int fd;

	path_of(path, sizeof(path), "");
	/* A pipe in its place does not hold bgpd up. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		if (errno != ENOENT)
			snprintf(problem, sizeof(problem), "%s: %s; nothing is known of earlier route maps", path,
				 safe_strerror(errno));
		return;
	}
	if (fstat(fd, &of) || !S_ISREG(of.st_mode) || of.st_size > MOST_BYTES || !(file = fdopen(fd, "r"))) {
		close(fd);
		snprintf(problem, sizeof(problem),
			 "%s: expected a file of at most %d bytes; nothing is known of earlier route maps", path, MOST_BYTES);
		return;
	}
	if (!read_lines(file))
		snprintf(problem, sizeof(problem),
			 "%s is not as bgpd wrote it; what is missing of earlier route maps may not be logged", path);
	fclose(file);
}

/* What the thread is given: the text, in memory of its own. */
struct text {
	char folder[sizeof(th_options.state)];
	char path[sizeof(th_options.state) + 32], unfinished[sizeof(th_options.state) + 32];
	size_t length;
	char bytes[];
};

static void *write_text(void *of)
{
	struct text *text = of;
	int fd;
	bool good;

	/* The folder above it is there where a package, or an administrator, wants it to be. */
	mkdir(text->folder, 0700);
	fd = open(text->unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	good = fd >= 0 && write(fd, text->bytes, text->length) == (ssize_t)text->length && !fsync(fd);

	if (fd >= 0)
		good = !close(fd) && good;
	good = good && !rename(text->unfinished, text->path);
	if (!good)
		unlink(text->unfinished);
	free(text);
	__atomic_store_n(&failed, !good, __ATOMIC_RELAXED);
	__atomic_store_n(&writing, false, __ATOMIC_RELEASE);
	return NULL;
}

static void write_file(void)
{
	struct text *text;
	size_t size = sizeof(HEADER);
	pthread_attr_t detached;
	sigset_t before;
	pthread_t thread;
	int error;

	for (const struct remembered *one = remembered; one; one = one->next)
		size += strlen(one->map) + strlen(one->script) + 16;
	/* Freed by the thread: FRR's counts are the main thread's. */
	text = malloc(sizeof(*text) + size);
	if (!text)
		return;
	path_of(text->path, sizeof(text->path), "");
	path_of(text->unfinished, sizeof(text->unfinished), ".unfinished");
	text->length = strlcpy(text->bytes, HEADER, size);
	for (const struct remembered *one = remembered; one; one = one->next)
		text->length += snprintf(text->bytes + text->length, size - text->length, "%s %d %s\n", one->map, one->pref,
					 one->script);
	strlcpy(text->folder, th_options.state, sizeof(text->folder));
	writing = true;
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	th_signals_block(&before);
	error = pthread_create(&thread, &detached, write_text, text);
	th_signals_restore(&before);
	pthread_attr_destroy(&detached);
	if (error) {
		free(text);
		writing = false;
		return;
	}
	stale = false;
}

/* ---- comparing ---- */

static const struct route_map_index *entry_at(const struct remembered *one)
{
	const struct route_map *map = route_map_lookup_by_name(one->map);

	for (const struct route_map_index *index = map ? map->head : NULL; index; index = index->next)
		if (index->pref == one->pref)
			return index;
	return NULL;
}

static const struct th_entry *script_of(const struct route_map_index *index)
{
	for (const struct route_map_rule *rule = index->match_list.head; rule; rule = rule->next)
		if (th_entry_of(rule))
			return th_entry_of(rule);
	return NULL;
}

static void compare(void)
{
	unsigned int count = 0;

	for (struct remembered *one = remembered; one; one = one->next) {
		const struct route_map_index *index = one->lost && !one->logged ? entry_at(one) : NULL;

		if (!index || script_of(index))
			continue;
		one->logged = true;
		/* A line for each of a few. */
		if (count++ < 20)
			zlog_err("tenterhook: route-map %s %s %d had the script %s when bgpd ran last, and has none now: it "
				 "matches without it",
				 one->map, index->type == RMAP_PERMIT ? "permit" : "deny", one->pref, one->script);
	}
	if (count > 20)
		zlog_err("tenterhook: … and %u more entries of route maps that have lost their scripts", count - 20);
}

/* Whether an entry is to be remembered for the script that it had. */
static bool is_lost(const struct remembered *one)
{
	const struct route_map_index *index = one->lost ? entry_at(one) : NULL;

	return one->lost && (index ? !script_of(index) : looks <= LOOKS_AT_START);
}

static bool is_same(const struct remembered *a, const struct remembered *b)
{
	for (; a && b; a = a->next, b = b->next)
		if (!strmatch(a->map, b->map) || a->pref != b->pref || !strmatch(a->script, b->script))
			return false;
	return !a && !b;
}

/* What there is now, and what was lost and still is. */
static void remember(void)
{
	struct remembered *old = remembered, *found = NULL, **last = &found;
	unsigned int count = 0;

	for (const struct remembered *one = old; one && count < MOST_ENTRIES; one = one->next) {
		if (!is_lost(one))
			continue;
		add(&last, one)->logged = one->logged;
		count++;
	}
	for (const struct route_map *map = route_map_master.head; map; map = map->next)
		for (const struct route_map_index *index = map->head; index; index = index->next) {
			const struct th_entry *entry = script_of(index);
			struct remembered one = {.pref = index->pref};

			/* What is no word would not be read again. */
			if (!entry || !entry->script->named || count == MOST_ENTRIES ||
			    strlcpy(one.map, map->name, sizeof(one.map)) >= sizeof(one.map))
				continue;
			strlcpy(one.script, entry->script->name, sizeof(one.script));
			add(&last, &one);
			count++;
		}
	if (count == MOST_ENTRIES && !truncated)
		zlog_warn("tenterhook: %d entries of route maps with scripts are written down, and no more", MOST_ENTRIES);
	truncated = count == MOST_ENTRIES;
	remembered = found;
	stale = stale || !is_same(old, found);
	forget(old);
}

/* ---- looking ---- */

/* Starts to write the file where it is not as it should be. No thread is writing it now. */
static void save(void)
{
	if (__atomic_exchange_n(&failed, false, __ATOMIC_RELAXED)) {
		if (!failing)
			zlog_warn("tenterhook: %s: what scripts are in route maps cannot be written down: whether one is lost is not "
				  "known at the next start",
				  th_options.state);
		failing = true;
		stale = true;
		write_from = looks + LOOKS_BEFORE_RETRY;
	} else if (!stale) {
		failing = false;
	}
	if (stale && looks >= write_from)
		write_file();
}

static void look(struct th_event *event)
{
	bool changed = running_config->version != version;

	version = running_config->version;
	looks++;
	if (problem[0]) {
		zlog_warn("tenterhook: %s", problem);
		problem[0] = '\0';
	}
	/* While lines come, and before the first of a route map, there is nothing to compare with. */
	if (!changed && route_map_master.head && (looks <= LOOKS_AT_START || !settled)) {
		compare();
		settled = true;
		remember();
	} else if (settled && (changed || looks == LOOKS_AT_START + 1)) {
		remember();
	}
	if (!__atomic_load_n(&writing, __ATOMIC_ACQUIRE))
		save();
	th_event_add_timer_msec(bm->master, look, NULL, LOOK_EVERY_MS, &timer);
}

/* After the fork, and before the configuration is read. */
static void begin(struct th_event *event)
{
	read_file();
	version = running_config->version;
	th_event_add_timer_msec(bm->master, look, NULL, LOOK_EVERY_MS, &timer);
}

static int fini(void)
{
	forget(remembered);
	remembered = NULL;
	return 0;
}

void th_remember_init(void)
{
	hook_register(frr_fini, fini);
	th_event_add(bm->master, begin, NULL, 0, NULL);
}
