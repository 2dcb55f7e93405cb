// SPDX-License-Identifier: GPL-2.0-or-later
/* zebra.interface_add, _del, _up, _down.
 *
 * This FRR has hooks for interfaces that come and go, and none for those that go up and down. But zebra counts both, per
 * interface; the module looks at the counts five times per second while something is attached, and once more before an
 * interface goes.
 */

#include <config.h>

#include "zebra.h"
#include "hash.h"
#include "hook.h"
#include "if.h"
#include "libfrr.h"
#include "jhash.h"
#include "memory.h"
#include "vrf.h"

#include "zebra/interface.h"
#include "zebra/zebra_router.h"

#include "zebra_points.h"

DEFINE_MTYPE_STATIC(TENTERHOOK, SEEN, "Tenterhook interface counts");

#define LOOK_EVERY_MS 200

/* All four have the same argument, but places of their own. */
struct slots {
	uint32_t name, ifindex, up, flags, mac, description, addresses, address;
};

static struct slots add, del, up, down;

#define REFS(to)                                                                                                       \
	{"interface.name", &(to).name}, /* ifindex, vrf */                                                            \
		{"interface.ifindex", &(to).ifindex}, {"interface.up", &(to).up}, /* flags to speed */                \
		{"interface.flags", &(to).flags}, {"interface.mac", &(to).mac},                                       \
		{"interface.description", &(to).description}, {"interface.addresses", &(to).addresses},               \
		{"interface.addresses[]", &(to).address},                                                             \
	{                                                                                                              \
	}

static const struct th_ref add_slots[] = {REFS(add)};
static const struct th_ref del_slots[] = {REFS(del)};
static const struct th_ref up_slots[] = {REFS(up)};
static const struct th_ref down_slots[] = {REFS(down)};

struct th_point th_interface_add = {.name = "zebra.interface_add", .slots = add_slots};
struct th_point th_interface_del = {.name = "zebra.interface_del", .slots = del_slots};
struct th_point th_interface_up = {.name = "zebra.interface_up", .slots = up_slots};
struct th_point th_interface_down = {.name = "zebra.interface_down", .slots = down_slots};

static void set_mac(struct th_args *args, uint32_t slot, const struct interface *ifp)
{
	char text[3 * INTERFACE_HWADDR_MAX + 1] = "";

	for (int i = 0; i < MIN(ifp->hw_addr_len, INTERFACE_HWADDR_MAX); i++)
		snprintf(text + 3 * i - !!i, 4, "%s%02x", i ? ":" : "", ifp->hw_addr[i]);
	th_args_set_text(args, slot, text);
}

static void set_interface(struct th_args *args, const struct slots *to, const struct interface *ifp)
{
	const int64_t numbers[] = {(uint32_t)ifp->ifindex, ifp->vrf ? ifp->vrf->vrf_id : 0};
	const int64_t more[] = {(int64_t)(ifp->flags & INT64_MAX), ifp->metric, ifp->mtu, ifp->mtu6, ifp->bandwidth,
				ifp->speed == UINT32_MAX ? 0 : ifp->speed};
	const struct connected *connected;
	size_t count = 0, at = 0;

	th_args_set_text(args, to->name, ifp->name);
	th_args_set_ints(args, to->ifindex, numbers, array_size(numbers));
	th_args_set_bool(args, to->up, if_is_operative(ifp));
	th_args_set_ints(args, to->flags, more, array_size(more));
	set_mac(args, to->mac, ifp);
	th_args_set_text(args, to->description, ifp->desc);
	TH_EACH_CONNECTED (ifp, connected)
		count += connected->address->family == AF_INET || connected->address->family == AF_INET6;
	th_args_set_count(args, to->addresses, count);
	TH_EACH_CONNECTED (ifp, connected) {
		const struct prefix *p = connected->address;

		if (p->family != AF_INET && p->family != AF_INET6)
			continue;
		th_args_element(args, to->addresses, at++);
		th_args_set_prefix(args, to->address, p->family, &p->u.prefix, p->prefixlen);
	}
}

static void fire(struct th_point *point, const struct slots *to, const struct interface *ifp)
{
	struct th_args *args = th_point_begin(point);

	if (!args)
		return;
	set_interface(args, to, ifp);
	th_point_fire(point, NULL);
	th_point_end(point);
}

/* ---- what zebra counts ---- */

struct seen {
	const struct interface *ifp;
	unsigned int ups, downs;
};

static struct hash *seen;
/* Whether `seen` is what there was at the last look: not before something is attached. */
static bool looking;
static struct th_event *look_timer;

static unsigned int seen_key(const void *of)
{
	const struct seen *entry = of;

	return jhash(&entry->ifp, sizeof(entry->ifp), 0);
}

static bool seen_same(const void *a, const void *b)
{
	return ((const struct seen *)a)->ifp == ((const struct seen *)b)->ifp;
}

static void *seen_new(void *of)
{
	struct seen *entry = XCALLOC(MTYPE_SEEN, sizeof(*entry));

	entry->ifp = ((const struct seen *)of)->ifp;
	return entry;
}

static void seen_free(void *of)
{
	XFREE(MTYPE_SEEN, of);
}

/* Tells what an interface did since the last look; nothing at the first one. */
static void look_at(const struct interface *ifp, bool first)
{
	const struct zebra_if *zif = ifp->info;
	struct seen key = {.ifp = ifp};
	struct seen *entry;
	bool went_up, went_down;

	if (!zif)
		return;
	entry = hash_get(seen, &key, seen_new);
	went_up = zif->up_count != entry->ups;
	went_down = zif->down_count != entry->downs;
	entry->ups = zif->up_count;
	entry->downs = zif->down_count;
	if (first)
		return;
	/* Both since the last look: the one that still holds comes last. */
	if (went_up && went_down && !if_is_operative(ifp)) {
		fire(&th_interface_up, &up, ifp);
		fire(&th_interface_down, &down, ifp);
		return;
	}
	if (went_down)
		fire(&th_interface_down, &down, ifp);
	if (went_up)
		fire(&th_interface_up, &up, ifp);
}

/* Whether there is anybody to tell. What happened while there was nobody is no news to who comes later. */
static bool look_begin(void)
{
	if (th_point_active(&th_interface_up) || th_point_active(&th_interface_down))
		return true;
	if (looking)
		hash_clean(seen, seen_free);
	looking = false;
	return false;
}

static void look_at_all(void)
{
	bool first = !looking;
	struct interface *ifp;
	struct vrf *vrf;

	looking = true;
	RB_FOREACH (vrf, vrf_id_head, &vrfs_by_id)
		FOR_ALL_INTERFACES (vrf, ifp)
			look_at(ifp, first);
}

static void look(struct th_event *event)
{
	if (look_begin())
		look_at_all();
	th_event_add_timer_msec(zrouter.master, look, NULL, LOOK_EVERY_MS, &look_timer);
}

static int on_add(struct interface *ifp)
{
	fire(&th_interface_add, &add, ifp);
	return 0;
}

static int on_del(struct interface *ifp)
{
	struct seen key = {.ifp = ifp};
	struct seen *entry;

	/* One that goes while it is up goes down first, and there is no later look at it. */
	if (looking && look_begin())
		look_at(ifp, false);
	entry = hash_release(seen, &key);
	XFREE(MTYPE_SEEN, entry);
	fire(&th_interface_del, &del, ifp);
	return 0;
}

/* The last thing of all: interfaces go until then. */
static int fini(void)
{
	th_hash_free(seen, seen_free);
	return 0;
}

/* After the fork: a timer that was set before belongs to the parent's time. */
static void begin(struct th_event *event)
{
	look(NULL);
}

void th_interfaces_init(void)
{
	seen = hash_create(seen_key, seen_same, "tenterhook interface counts");
	hook_register(if_add, on_add);
	hook_register(if_del, on_del);
	hook_register(frr_fini, fini);
	th_event_add(zrouter.master, begin, NULL, 0, NULL);
}
