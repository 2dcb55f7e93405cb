/* A hook point in a C program: declare it, attach a script, ask.
 *
 *   hello [FOLDER [CACHE]]    FOLDER may have a policy.toml, CACHE gets the compiled interpreter
 *
 *   cc -I ffi/include ffi/examples/hello.c -L target/release -ltenterhook_ffi -o hello
 *   LD_LIBRARY_PATH=target/release ./hello
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tenterhook.h>

static void must(th_status status, const char *what)
{
	if (status == TH_OK)
		return;
	fprintf(stderr, "%s: %s\n", what, th_error_message());
	exit(1);
}

static void log_line(void *context, const th_log_line *line)
{
	(void)context;
	printf("%s:%u: %s\n", line->script, line->line, line->message);
}

// ANCHOR: declare
/* greet(name, guests, times) answers { verdict, times }: handlers are called after the last part of the name. */
static th_hook *declare(th_host *host)
{
	static const th_variant verdicts[] = {{"PASS", 0, "Nobody is greeted."}, {"GREET", 1, "Somebody is."}};
	th_builder *builder;
	th_type text, times;
	th_hook *hook;

	/* An error while building is reported when it is declared. */
	must(th_builder_new("demo.greet", 1, "Decides whether somebody is greeted.", &builder), "builder");
	text = th_type_text(builder, 64);
	times = th_type_integer(builder, 0, 10);
	th_builder_argument(builder, "name", text, false, "Who comes.");
	th_builder_argument(builder, "guests", th_type_list(builder, text, 8), false, "Who comes along.");
	th_builder_argument(builder, "times", times, true, "How often to greet.");
	th_builder_result(builder, "verdict", th_type_enum(builder, "verdict", "What to do.", verdicts, 2), "\"PASS\"",
			  "What to do.");
	must(th_hook_declare(host, builder, &hook), "declare");
	th_builder_free(builder);
	return hook;
}
// ANCHOR_END: declare

int main(int argc, char **argv)
{
	static const char script[] = "function greet(name, guests, times)\n"
				     "    log.info(name .. ' comes with ' .. #guests)\n"
				     "    if name == 'loop' then while true do end end\n"
				     "    return { verdict = 'GREET', times = times + #guests }\n"
				     "end\n";
	// ANCHOR: options
	th_host_options options = {
		.abi = TH_ABI_VERSION,
		.folder = argc > 1 ? argv[1] : NULL,
		.cache = argc > 2 ? argv[2] : NULL,
		.log = log_line,
		/* One thread asks, so few executors will do: each reserves 4 GiB of addresses. */
		.threads = 1,
		.executors = 2,
	};
	th_attach what = {.hook = "demo.greet", .tenant = "acme", .source = script, .source_len = strlen(script)};
	// ANCHOR_END: options
	const char *names[] = {"Ada", "loop", "Grace"};
	th_host *host;
	th_hook *hook;
	th_args *args;
	th_outcome *outcome;
	th_slot name_slot, guests_slot, guest_slot, times_slot;
	th_field verdict_field, times_field;
	uint64_t id;

	// ANCHOR: once
	must(th_host_new(&options, &host), "host");
	hook = declare(host);
	must(th_host_attach(host, &what, &id), "attach");

	/* Once, at the start: places of arguments and results. */
	must(th_hook_slot(hook, "name", &name_slot), "name");
	must(th_hook_slot(hook, "guests", &guests_slot), "guests");
	must(th_hook_slot(hook, "guests[]", &guest_slot), "guests[]");
	must(th_hook_slot(hook, "times", &times_slot), "times");
	must(th_hook_field(hook, "verdict", &verdict_field), "verdict");
	must(th_hook_field(hook, "times", &times_field), "times");
	must(th_args_new(hook, &args), "args");
	must(th_outcome_new(hook, &outcome), "outcome");
	// ANCHOR_END: once

	// ANCHOR: every
	/* For every event: fill in, fire, read. */
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int64_t verdict = 0, times = 1;
		th_failure failure;
		th_value value;

		th_args_begin(args);
		th_args_set_string(args, name_slot, names[i], strlen(names[i]));
		th_args_set_count(args, guests_slot, 2);
		for (size_t guest = 0; guest < 2; guest++) {
			th_args_element(args, guests_slot, guest);
			th_args_set_text(args, guest_slot, guest ? "Charles" : "Mary");
		}
		th_args_set_int(args, times_slot, times);
		must(th_invoke(args, NULL, outcome), "invoke");

		must(th_outcome_get(outcome, verdict_field, &value), "verdict");
		must(th_value_int(value, &verdict), "verdict");
		if (th_outcome_get(outcome, times_field, &value) == TH_OK)
			must(th_value_int(value, &times), "times");
		printf("%s: verdict %d, %d times\n", names[i], (int)verdict, (int)times);
		if (th_outcome_failure(outcome, 0, &failure) == TH_OK)
			printf("%s: %s: %s\n", names[i], failure.cause, failure.message);
	}
	// ANCHOR_END: every

	must(th_host_detach(host, id), "detach");
	th_outcome_free(outcome);
	th_args_free(args);
	th_hook_free(hook);
	th_host_free(host);
	return 0;
}
