// SPDX-License-Identifier: GPL-2.0-or-later
/* `match as-path script:NAME`: a form of `match script NAME` that every vtysh knows.
 *
 * FRR's own rule looks for an AS-path list `script:NAME` and, as there is none, matches nothing: so a configuration with
 * this line lets nothing through without the module. With it, FRR's rule is ours for these names.
 *
 * FRR takes the first of two rules of a name, and asks nobody about a list. So the functions of FRR's rule are replaced in
 * place: three pointers in bgpd's data, before the configuration is read, in the one thread that there is by then. The rule
 * is found through an entry of a route map that is nobody's; the pages are writable for as long as it takes. Whatever is not
 * as expected leaves everything as it is, and `script:NAME` matches nothing.
 */

#include <config.h>

#include <dlfcn.h>
#include <inttypes.h>
#include <sys/mman.h>

#include "zebra.h"
#include "log.h"
#include "memory.h"
#include "routemap.h"

#include "bgp.h"

DEFINE_MTYPE_STATIC(TENTERHOOK, AS_PATH_RULE, "Tenterhook as-path rule");

#define RULE "as-path"
#define START "script:"

/* What we compile to. FRR compiles to a copy of the name; no copy of a name that is left to it starts so. */
struct value {
	char start[sizeof(START)];
	void *inner;
};

static const struct th_match *to;
static struct route_map_rule_cmd before;
static const struct route_map_rule_cmd *rule;

static bool is_ours(const void *value)
{
	return !strncmp(value, START, strlen(START));
}

static void *compile(const char *name)
{
	struct value *value;

	if (!is_ours(name))
		return before.func_compile(name);
	value = XCALLOC(MTYPE_AS_PATH_RULE, sizeof(*value));
	strlcpy(value->start, START, sizeof(value->start));
	value->inner = to->compile(name + strlen(START));
	return value;
}

static enum route_map_cmd_result_t apply(void *of, const struct prefix *prefix, void *object)
{
	return is_ours(of) ? to->apply(((struct value *)of)->inner, prefix, object) : before.func_apply(of, prefix, object);
}

static void release(void *of)
{
	struct value *value = of;

	/* FRR releases what it could not compile, too. */
	if (!of || !is_ours(of)) {
		before.func_free(of);
		return;
	}
	to->release(value->inner);
	XFREE(MTYPE_AS_PATH_RULE, value);
}

void *th_as_path_inner(const struct route_map_rule *of)
{
	return rule && of->cmd == rule && is_ours(of->value) ? ((struct value *)of->value)->inner : NULL;
}

/* ---- FRR's rule ---- */

/* FRR's rule, as an entry of a route map has it; nothing stays of the entry. */
static const struct route_map_rule_cmd *find_rule(void)
{
	struct route_map map = {.name = (char *)" "};
	struct route_map_index entry = {.map = &map};
	const struct route_map_rule_cmd *found = NULL;

	if (route_map_add_match(&entry, RULE, RULE, RMAP_EVENT_MATCH_ADDED) != RMAP_COMPILE_SUCCESS)
		return NULL;
	if (entry.match_list.head)
		found = entry.match_list.head->cmd;
	route_map_delete_match(&entry, RULE, RULE, RMAP_EVENT_MATCH_DELETED);
	return found;
}

/* Whether an address is in the same file as another. */
static bool is_beside(const void *address, const void *other)
{
	Dl_info one, two;

	return dladdr(address, &one) && dladdr(other, &two) && one.dli_fbase == two.dli_fbase;
}

/* Whether it is what it should be: bgpd's own, with bgpd's own functions. */
static bool is_as_expected(const struct route_map_rule_cmd *found)
{
	return found && is_beside(found, (void *)bgp_init) && strmatch(found->str, RULE) && found->func_apply &&
	       found->func_compile && found->func_free && !found->func_get_rmap_rule_key &&
	       is_beside((void *)found->func_apply, (void *)bgp_init);
}

/* How the pages of a range are protected, as mprotect has it; -1 where they are not all alike, or not data. */
static int protection_of(uintptr_t from, uintptr_t until)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[PATH_MAX + 128], rights[5];
	uintptr_t first, end;
	int found = -1;

	if (!maps)
		return -1;
	while (found < 0 && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", &first, &end, rights) != 3 || from < first || until > end)
			continue;
		if (rights[0] != 'r' || rights[2] == 'x')
			break;
		found = rights[1] == 'w' ? PROT_READ | PROT_WRITE : PROT_READ;
	}
	fclose(maps);
	return found;
}

/* Puts ours in place; what went wrong, or null. */
static const char *take_over(struct route_map_rule_cmd *found)
{
	const uintptr_t page = sysconf(_SC_PAGESIZE);
	const uintptr_t from = (uintptr_t)found & ~(page - 1);
	const uintptr_t until = ((uintptr_t)(found + 1) + page - 1) & ~(page - 1);
	int protection = protection_of(from, until);

	if (protection < 0)
		return "its pages are not as expected";
	if (!(protection & PROT_WRITE) && mprotect((void *)from, until - from, PROT_READ | PROT_WRITE))
		return "its pages cannot be made writable";
	before = *found;
	rule = found;
	found->func_compile = compile;
	found->func_free = release;
	found->func_apply = apply;
	if (!(protection & PROT_WRITE) && mprotect((void *)from, until - from, protection))
		zlog_warn("tenterhook: the pages of bgpd's rule `%s` stay writable: %s", RULE, safe_strerror(errno));
	return NULL;
}

void th_as_path_init(const struct th_match *match)
{
	const struct route_map_rule_cmd *found = find_rule();
	const char *problem;

	to = match;
	problem = is_as_expected(found) ? take_over((struct route_map_rule_cmd *)found) : "it is not as expected";
	if (problem)
		zlog_err("tenterhook: bgpd's rule `match %s` stays as it is: %s; `match %s %sNAME` matches nothing", RULE,
			 problem, RULE, START);
}
