// SPDX-License-Identifier: GPL-2.0-or-later
/* What a script makes of an AS path: another in its place, private AS numbers removed, AS numbers in front, in this order.
 *
 * FRR's own function for private AS numbers leaves a segment of length 0 where all of a segment's are private, which peers
 * treat as malformed; this one leaves the segment out.
 */

#include <config.h>

#include "zebra.h"
#include "memory.h"

#include "bgpd/bgpd.h"
#include "bgpd/bgp_aspath.h"

#include "bgp.h"

DEFINE_MTYPE_STATIC(TENTERHOOK, PATH_TEXT, "Tenterhook AS path");

/* More would not fit in a message in any case. */
#define MOST_ASNS 1024
/* Ten digits and a space. */
#define ASN_TEXT 11

static bool read_asn(struct th_value list, size_t index, uint32_t *asn)
{
	struct th_value item;
	int64_t number;

	/* AS 0 is in no path (RFC 7607). */
	if (th_value_item(list, index, &item) != TH_OK || th_value_int(item, &number) != TH_OK || number < 1 ||
	    number > UINT32_MAX)
		return false;
	*asn = number;
	return true;
}

/* Reads a list of AS numbers as a sequence; null, after a warning, where there is one that cannot be in a path. */
static struct aspath *read_sequence(struct th_point *point, const char *what, struct th_value list)
{
	size_t count = th_value_count(list), at = 0;
	struct aspath *path = NULL;
	char *text;

	if (count > MOST_ASNS) {
		th_point_warn(point, "attributes.%s: %zu AS numbers, expected at most %d", what, count, MOST_ASNS);
		return NULL;
	}
	if (!count)
		return aspath_empty_get();
	text = XMALLOC(MTYPE_PATH_TEXT, count * ASN_TEXT + 1);
	for (size_t i = 0; i < count; i++) {
		uint32_t asn;

		if (!read_asn(list, i, &asn)) {
			th_point_warn(point, "attributes.%s[%zu] is no AS number", what, i + 1);
			goto done;
		}
		at += snprintf(text + at, ASN_TEXT + 1, "%s%u", i ? " " : "", asn);
	}
	path = th_aspath_from_text(text);
done:
	XFREE(MTYPE_PATH_TEXT, text);
	return path;
}

bool th_path_read_replaced(struct th_point *point, struct th_value list, struct th_path_change *to)
{
	to->replaced = read_sequence(point, "as_path", list);
	return to->replaced;
}

bool th_path_read_prepended(struct th_point *point, struct th_value list, struct th_path_change *to)
{
	to->prepended = read_sequence(point, "prepend", list);
	return to->prepended;
}

/* How a segment begins and ends in text. */
static const char *delimiters(uint8_t type)
{
	switch (type) {
	case AS_SET:
		return "{}";
	case AS_CONFED_SEQUENCE:
		return "()";
	case AS_CONFED_SET:
		return "[]";
	default:
		return "  ";
	}
}

/* A path without the private AS numbers of another. */
static struct aspath *without_private(const struct aspath *path)
{
	size_t room = 1, at = 0;
	struct aspath *public;
	char *text;

	for (const struct assegment *segment = path->segments; segment; segment = segment->next)
		room += (size_t)segment->length * ASN_TEXT + 2;
	text = XMALLOC(MTYPE_PATH_TEXT, room);
	text[0] = '\0';
	for (const struct assegment *segment = path->segments; segment; segment = segment->next) {
		const char *around = delimiters(segment->type);
		char separator = around[0];

		for (int i = 0; i < segment->length; i++) {
			if (BGP_AS_IS_PRIVATE(segment->as[i]))
				continue;
			at += snprintf(text + at, room - at, "%c%u", separator, (uint32_t)segment->as[i]);
			separator = ' ';
		}
		/* Where the first was written, the segment ends. */
		if (separator != around[0] || separator == ' ')
			at += snprintf(text + at, room - at, "%c", around[1]);
	}
	public = th_aspath_from_text(text);
	XFREE(MTYPE_PATH_TEXT, text);
	return public;
}

/* Removing only makes a path shorter. */
size_t th_path_size(const struct th_path_change *change, size_t size)
{
	if (change->replaced)
		size = aspath_size(change->replaced);
	return size + (change->prepended ? aspath_size(change->prepended) : 0);
}

struct aspath *th_path_changed(const struct th_path_change *change, const struct aspath *path)
{
	struct aspath *changed;

	if (!change->replaced && !change->prepended && !change->remove_private)
		return NULL;
	if (change->replaced)
		changed = aspath_dup(change->replaced);
	else
		changed = path ? aspath_dup((struct aspath *)path) : aspath_empty_get();
	if (change->remove_private) {
		struct aspath *public = without_private(changed);

		/* Null would be a path that FRR does not read back from its own text: there is none. */
		if (public) {
			aspath_free(changed);
			changed = public;
		}
	}
	if (change->prepended)
		changed = aspath_prepend(change->prepended, changed);
	return changed;
}

void th_path_forget(struct th_path_change *change)
{
	if (change->replaced)
		aspath_free(change->replaced);
	if (change->prepended)
		aspath_free(change->prepended);
	*change = (struct th_path_change){};
}
