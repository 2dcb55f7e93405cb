// SPDX-License-Identifier: GPL-2.0-or-later
/* Entries of route maps that a script decides about, and what scripts change there.
 *
 * FRR asks the rules of an entry in their order, may ask those of several entries before it chooses one, and applies the
 * entry's `set` rules once all have matched. So a script's change waits: a `set` rule of our own, in front of the entry's
 * others, puts it in place. FRR says of no rule which entry it is in; that is looked up when the first change comes.
 */

#include <config.h>

#include "zebra.h"
#include "memory.h"
#include "routemap.h"

#include "bgpd/bgpd.h"
#include "bgpd/bgp_attr.h"
#include "bgpd/bgp_route.h"

#include "bgp.h"

DEFINE_MTYPE_STATIC(TENTERHOOK, ENTRY, "Tenterhook route map entry");
DEFINE_MTYPE_STATIC(TENTERHOOK, SET, "Tenterhook set rule");

static struct th_point *point;
static th_decide decide;

static void drop_change(struct th_entry *entry)
{
	th_change_free(entry->change);
	entry->change = NULL;
}

/* ---- the rules of an entry ---- */

/* Our entry behind a rule, with either command; null where the rule is FRR's. */
struct th_entry *th_entry_of(const struct route_map_rule *rule)
{
	return th_match_script_is(rule) ? rule->value : th_as_path_inner(rule);
}

static enum route_map_cmd_result_t put(void *rule, const struct prefix *prefix, void *object)
{
	struct th_entry *entry = rule;
	struct bgp_path_info *path = object;

	if (entry->change)
		th_change_put(entry->change, path->attr);
	drop_change(entry);
	return RMAP_OKAY;
}

static const struct route_map_rule_cmd set_rule = {
	"changes of script",
	put,
	NULL,
	NULL,
};

static bool locate(struct th_entry *entry)
{
	if (entry->match)
		return true;
	for (struct route_map *map = route_map_master.head; map; map = map->next)
		for (struct route_map_index *index = map->head; index; index = index->next)
			for (struct route_map_rule *rule = index->match_list.head; rule; rule = rule->next)
				if (th_entry_of(rule) == entry) {
					entry->index = index;
					entry->match = rule;
					return true;
				}
	return false;
}

/* Puts our `set` rule in front; with two scripts, the one that is asked first is put in place first. */
static void add_set(struct th_entry *entry)
{
	struct route_map_rule_list *list = &entry->index->set_list;
	struct route_map_rule *before = NULL, *after = list->head;

	for (struct route_map_rule *rule = entry->index->match_list.head; rule != entry->match; rule = rule->next) {
		struct th_entry *other = th_entry_of(rule);

		if (other && other->set)
			before = other->set;
	}
	if (before)
		after = before->next;
	entry->set = XCALLOC(MTYPE_SET, sizeof(*entry->set));
	entry->set->cmd = &set_rule;
	/* `show route-map` prints it. */
	entry->set->rule_str = entry->script->name;
	entry->set->value = entry;
	entry->set->prev = before;
	entry->set->next = after;
	*(before ? &before->next : &list->head) = entry->set;
	*(after ? &after->prev : &list->tail) = entry->set;
}

static void remove_set(struct th_entry *entry)
{
	struct route_map_rule *set = entry->set;
	struct route_map_rule_list *list = &entry->index->set_list;

	*(set->prev ? &set->prev->next : &list->head) = set->next;
	*(set->next ? &set->next->prev : &list->tail) = set->prev;
	XFREE(MTYPE_SET, entry->set);
}

/* The change of the other script of the entry, where that one was asked before. */
static const struct th_change *change_before(const struct th_entry *entry)
{
	const struct th_change *change = NULL;

	for (struct route_map_rule *rule = entry->index->match_list.head; rule != entry->match; rule = rule->next) {
		const struct th_entry *other = th_entry_of(rule);

		if (other && other->change)
			change = other->change;
	}
	return change;
}

bool th_entry_keep(struct th_entry *entry, struct th_change *change, struct attr *attr)
{
	if (!locate(entry)) {
		th_point_warn(point, "%s: the entry is in no route map; no match", entry->script->name);
		th_change_free(change);
		return false;
	}
	if (!th_change_fits(point, attr, change_before(entry), change)) {
		th_change_free(change);
		return false;
	}
	if (!entry->set)
		add_set(entry);
	entry->change = change;
	return true;
}

/* ---- the rules of FRR ---- */

static enum route_map_cmd_result_t apply(void *rule, const struct prefix *prefix, void *object)
{
	struct th_entry *entry = rule;

	/* Of a route for which another rule did not match. */
	drop_change(entry);
	return decide(entry, prefix, object);
}

static void *compile(const char *name)
{
	struct th_entry *entry = XCALLOC(MTYPE_ENTRY, sizeof(*entry));

	entry->script = th_script_use(point, name);
	return entry;
}

/* FRR releases an entry's `match` rules before its `set` rules, so ours is still in its list. */
static void release(void *rule)
{
	struct th_entry *entry = rule;

	if (entry->set)
		remove_set(entry);
	drop_change(entry);
	th_script_release(entry->script);
	XFREE(MTYPE_ENTRY, entry);
}

static const char *problem(const char *name)
{
	return th_script_problem(point, name);
}

static const struct th_match match = {
	apply,
	compile,
	release,
	problem,
};

void th_rules_begin(struct th_point *of, th_decide with)
{
	point = of;
	decide = with;
	th_match_script_begin(&match);
}

void th_rules_init(void)
{
	th_match_script_init();
	th_as_path_init(&match);
}

/* ---- deciding anew ---- */

void th_rules_changed(const struct th_script *script)
{
	for (struct route_map *map = route_map_master.head; map; map = map->next) {
		bool uses = false;

		for (struct route_map_index *index = map->head; index && !uses; index = index->next)
			for (struct route_map_rule *rule = index->match_list.head; rule && !uses; rule = rule->next) {
				const struct th_entry *entry = th_entry_of(rule);

				uses = entry && entry->script == script;
			}
		/* As when the route map is edited, with its delay. */
		if (uses && route_map_master.event_hook)
			route_map_master.event_hook(map->name);
	}
}
