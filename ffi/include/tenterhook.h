/* tenterhook.h: sandboxed Lua hook points for C programs.
 *
 * Made by cbindgen from ffi/src; a test holds that it is what the sources say. What the parts are, which threads may
 * call what and how errors are told is written in ffi/README.md.
 */

#ifndef TENTERHOOK_H
#define TENTERHOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Version of this ABI. It goes up when a function or a struct changes its shape; what is added does not change it.
#define TH_ABI_VERSION 1

// What a function came to. `th_error_message` says more of the last one that was not `TH_OK` or `TH_ABSENT`.
typedef enum th_status {
  // It worked.
  TH_OK = 0,
  // There is nothing: a field that was not changed, an item beyond the end.
  TH_ABSENT = 1,
  // A pointer that must not be null is.
  TH_NULL = 2,
  // Text that is not UTF-8, or longer than it may be.
  TH_TEXT = 3,
  // A name that is not known: a hook point, a slot, a field.
  TH_NAME = 4,
  // A value of another type than was declared.
  TH_TYPE = 5,
  // A value out of its range, or more values than there may be.
  TH_RANGE = 6,
  // Called at the wrong time, such as an element that is set before its list.
  TH_SEQUENCE = 7,
  // A declaration that is not one.
  TH_DECLARATION = 8,
  // A policy that could not be read.
  TH_POLICY = 9,
  // A script that was not attached.
  TH_SCRIPT = 10,
  // An attachment that is gone.
  TH_GONE = 11,
  // A file that could not be read, or a socket that could not be made.
  TH_FILE = 12,
  // The sandbox cannot be set up on this machine.
  TH_SANDBOX = 13,
  // The program was compiled for another version of the ABI.
  TH_ABI = 14,
  // An error of this library. The call did nothing, or not all of it.
  TH_PANIC = 15,
} th_status;

// How important a log line is.
typedef enum th_level {
  // Of use to whoever debugs the script line by line.
  TH_LEVEL_TRACE = 0,
  // Of use to whoever debugs the script.
  TH_LEVEL_DEBUG = 1,
  // Worth a line.
  TH_LEVEL_INFO = 2,
  // Worth a look.
  TH_LEVEL_NOTICE = 3,
  // Something is off.
  TH_LEVEL_WARN = 4,
  // Something is wrong.
  TH_LEVEL_ERROR = 5,
} th_level;

// Kinds of values.
typedef enum th_kind {
  // Nil, or a `th_value` of zeros.
  TH_KIND_NIL = 0,
  // `th_value_bool` reads it.
  TH_KIND_BOOL = 1,
  // `th_value_int`; enums are their variant's integer.
  TH_KIND_INT = 2,
  // `th_value_float`.
  TH_KIND_FLOAT = 3,
  // `th_value_string`.
  TH_KIND_STRING = 4,
  // `th_value_address`.
  TH_KIND_ADDRESS = 5,
  // `th_value_prefix`.
  TH_KIND_PREFIX = 6,
  // `th_value_count` and `th_value_item`.
  TH_KIND_LIST = 7,
  // `th_value_count`, `th_value_item` and `th_value_key`.
  TH_KIND_MAP = 8,
  // `th_value_member`.
  TH_KIND_RECORD = 9,
} th_kind;

// How several attachments share a hook point.
typedef enum th_chain {
  // In order, until one answers with something else than the default.
  TH_CHAIN_FIRST = 0,
  // Every one of them; answers are checked and then set aside.
  TH_CHAIN_OBSERVE = 1,
} th_chain;

// Whether a script's state lasts from call to call.
typedef enum th_state {
  // As the policy says.
  TH_STATE_POLICY = 0,
  // Every call starts from the script as it was loaded.
  TH_STATE_FRESH = 1,
  // State lasts; calls are cheaper.
  TH_STATE_KEPT = 2,
} th_state;

// Kinds of communities, by the size of one on the wire.
typedef enum th_community {
  // RFC 1997: 4 bytes.
  TH_COMMUNITY = 4,
  // RFC 4360: 8 bytes.
  TH_COMMUNITY_EXTENDED = 8,
  // RFC 8092: 12 bytes.
  TH_COMMUNITY_LARGE = 12,
} th_community;

// Arguments of a hook point, to be filled and used again. One thread at a time.
typedef struct th_args th_args;

// A declaration that is being made. One thread at a time.
typedef struct th_builder th_builder;

// A hook point, ready to fire. Any thread may use it, several at once.
typedef struct th_hook th_hook;

// A host. Any thread may use it, several at once.
typedef struct th_host th_host;

// The outcome of an invocation, to be used again for the next. One thread at a time.
typedef struct th_outcome th_outcome;

// Names a place in the arguments of a hook point; the same for as long as the hook point lives. 0 is none, so a struct
// of slots that was filled with zeros names nothing.
typedef uint32_t th_slot;

// What to attach, and where. Fill it with zeros, then set what is not to be the default.
typedef struct th_attach {
  // The hook point.
  const char *hook;
  // The tenant.
  const char *tenant;
  // The attachment's name; null: the handler's.
  const char *name;
  // The script's file. Either this or `source`.
  const char *path;
  // The script itself.
  const char *source;
  // Its length in bytes.
  size_t source_len;
  // Its place in the chain: lower runs earlier.
  int32_t order;
  // A `th_state`.
  uint32_t state;
} th_attach;

// An attachment and what became of its calls since it was attached, for listings. The texts are good until the callback
// returns.
typedef struct th_attachment {
  // Its id.
  uint64_t id;
  // The hook point.
  const char *hook;
  // The tenant.
  const char *tenant;
  // Its name.
  const char *name;
  // The script's name.
  const char *script;
  // Its place in the chain: lower runs earlier.
  int32_t order;
  // Whether calls reach it.
  bool enabled;
  // Whether its state lasts.
  bool kept;
  // Fuel that a call may use.
  uint64_t fuel_budget;
  // Memory that a call may use, in bytes.
  uint64_t memory_budget;
  // Bytes that its image takes in the host.
  uint64_t image_bytes;
  // Calls, failed and refused ones too.
  uint64_t calls;
  // Calls that gave an answer.
  uint64_t answers;
  // Calls in which the script failed.
  uint64_t faults;
  // Calls that the policy refused.
  uint64_t denied;
  // Fuel used, over all calls.
  uint64_t fuel;
  // The most fuel that a call used.
  uint64_t fuel_max;
  // Half of the calls took no longer, in nanoseconds; of those that were timed.
  uint64_t latency_p50_ns;
  // Ninety-nine of a hundred took no longer.
  uint64_t latency_p99_ns;
  // The most memory at the end of a call, in bytes.
  uint64_t memory_max;
  // Log lines over the budget.
  uint64_t log_lines_dropped;
  // Faults and denials by cause, as a JSON object: `{"fuel":3}`.
  const char *causes_json;
  // The last fault; empty where there was none.
  const char *last_fault;
} th_attachment;

// Takes one attachment.
//
// # Safety
// Called with the context that was handed over, and an attachment that lives until it returns.
typedef void (*th_attachment_fn)(void *context, const struct th_attachment *attachment);

// A type of a builder. 0 is none: a function that made no type answers it, and the declaration is refused later.
typedef uint32_t th_type;

// Names a result, a changed argument or a field of one; the same for as long as the hook point lives. 0 is none.
typedef uint32_t th_field;

// One line of a script's log. The texts are good until the callback returns.
typedef struct th_log_line {
  // How important it is.
  enum th_level level;
  // The tenant.
  const char *tenant;
  // The attachment's name.
  const char *attachment;
  // The script's name.
  const char *script;
  // Line of the script; 0 where it is not known.
  uint32_t line;
  // The text, control characters escaped.
  const char *message;
} th_log_line;

// Takes scripts' log lines. Called on the thread that invokes, during the call: it must not invoke, free the host or
// take long, and must not jump out (longjmp, C++ exceptions).
//
// # Safety
// Called with the context that was handed over, and a line that lives until it returns.
typedef void (*th_log_fn)(void *context, const struct th_log_line *line);

// How a host is set up. Fill it with zeros, then set what is not to be the default.
typedef struct th_host_options {
  // `TH_ABI_VERSION`.
  uint32_t abi;
  // The most threads that are within a call at once; more are denied as busy. 0: 64.
  uint32_t threads;
  // The most executors, over all threads and all attachments that keep state. Each reserves 4 GiB of address space.
  // 0: 1000.
  uint32_t executors;
  // The folder with `policy.toml`; without that file, or with null, the preset "default" applies.
  const char *folder;
  // Where the compiled interpreter is kept between runs, which saves 0.2–0.5 s; null: nowhere.
  const char *cache;
  // Takes scripts' log lines; null: they are dropped. Called on every thread that invokes.
  th_log_fn log;
  // Handed to `log`.
  void *log_context;
} th_host_options;

// A hook point of a host, for listings. The texts are good until the callback returns.
typedef struct th_hook_info {
  // Its full name.
  const char *name;
  // Its version.
  uint32_t version;
  // Hash of its shape, in hexadecimal.
  const char *fingerprint;
  // What it is about.
  const char *doc;
  // Name of the Lua function that is called.
  const char *handler;
  // Whether every attachment is called and answers are set aside.
  bool observe;
  // How many scripts are attached.
  size_t attachments;
  // The whole declaration as JSON.
  const char *json;
} th_hook_info;

// Takes one hook point.
//
// # Safety
// Called with the context that was handed over, and a hook point that lives until it returns.
typedef void (*th_hook_fn)(void *context, const struct th_hook_info *hook);

// A value in an outcome, and its type. Good until the outcome is used again or freed.
typedef struct th_value {
  // For this library.
  const void *value;
  // For this library.
  const void *ty;
} th_value;

// A call that gave no answer. The texts are good until the outcome is asked for another failure, used again or freed.
typedef struct th_failure {
  // The attachment; 0 where it was no attachment's.
  uint64_t attachment;
  // Whether the policy refused the call; otherwise the script failed.
  bool denied;
  // The cause as policies name it: "fuel", "memory", "stack", "script", "answer", "load", "host"; "busy", … Or
  // "closed": an attachment that the hook point requires is missing, and the results are its closed ones.
  const char *cause;
  // What happened, in a line or, with a traceback, several.
  const char *message;
} th_failure;

// One name of an enum.
typedef struct th_variant {
  // The name that scripts read and may answer.
  const char *name;
  // The integer that scripts may answer instead.
  int64_t value;
  // What it means; may be null.
  const char *doc;
} th_variant;

// One field of a record.
typedef struct th_member {
  // Its name.
  const char *name;
  // Its type.
  th_type ty;
  // Whether scripts may change it where the record is an inout argument.
  bool writable;
  // What it means; may be null.
  const char *doc;
} th_member;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The ABI version of the library that is loaded; compare with `TH_ABI_VERSION` of the header that was compiled.
uint32_t th_abi_version(void);

// Makes arguments for a hook point, all zero. Free them with `th_args_free`.
//
// # Safety
// `hook` is null or a live hook; `args` is null or points to room for a pointer.
enum th_status th_args_new(const struct th_hook *hook, struct th_args **args);

// Frees arguments; null is fine.
//
// # Safety
// `args` is null or from `th_args_new`, not freed yet, in use by nobody.
void th_args_free(struct th_args *args);

// Keeps what is set now: `th_args_begin` starts over with it. For arguments that stay the same from one invocation to
// the next, such as the peer that many routes come from. Elements of lists are to be set before.
//
// # Safety
// `args` is null or live, in use by nobody else.
enum th_status th_args_keep(struct th_args *args);

// Keeps nothing any more, and starts over: everything is zero, false, empty and absent.
//
// # Safety
// `args` is null or live, in use by nobody else.
enum th_status th_args_clear(struct th_args *args);

// Starts over: everything is zero, false, empty and absent, but for what `th_args_keep` kept. Without it, arguments
// stay as they are from one invocation to the next; numbers, addresses and prefixes may then be set anew at no cost,
// strings and lists leave what they were before behind until the next start.
//
// # Safety
// `args` is null or live, in use by nobody else.
enum th_status th_args_begin(struct th_args *args);

// Makes an optional present without setting anything in it: a record whose fields are all zero.
//
// # Safety
// `args` is null or live, in use by nobody else.
enum th_status th_args_set_present(struct th_args *args, th_slot slot);

// Loads a script and attaches it. It stays until it is detached; `id` names it.
//
// # Safety
// `host` is null or live; `what` is null or points to a request whose texts are null or end with a NUL and whose source
// points to `source_len` bytes; `id` is null or points to room for an id.
enum th_status th_host_attach(const struct th_host *host, const struct th_attach *what, uint64_t *id);

// Loads a script and puts it in the place of another, in one step; it keeps the id. On an error the old one stays.
//
// # Safety
// As `th_host_attach`.
enum th_status th_host_replace(const struct th_host *host, uint64_t number, const struct th_attach *what);

// Detaches. Calls in flight finish on what they began with.
//
// # Safety
// `host` is null or live.
enum th_status th_host_detach(const struct th_host *host, uint64_t number);

// Hands every attachment, hook point by hook point in the order they run in, to `each`.
//
// # Safety
// `host` is null or live; `each` may be called with `context`.
enum th_status th_host_each_attachment(const struct th_host *host, th_attachment_fn each, void *context);

// Declares a hook point of the catalog, such as "bgp.route_match". Free the handle with `th_hook_free`.
//
// # Safety
// `host` is null or live; `name` is null or ends with a NUL; `hook` is null or points to room for a pointer.
enum th_status th_hook_catalog(const struct th_host *host, const char *name, struct th_hook **hook);

// Sets a list of communities' texts from `count` communities as they are on the wire. `kind` is a `th_community`.
//
// # Safety
// `args` is null or live, in use by nobody else; `wire` points to `count` times as many bytes as the kind has.
enum th_status th_args_set_communities(struct th_args *args,
                                       th_slot slot,
                                       uint32_t kind,
                                       const uint8_t *wire,
                                       size_t count);

// Starts a declaration. `name` is made of Lua names joined by dots, such as "bgp.route_match"; the last is the name of
// the handler. Free it with `th_builder_free`.
//
// # Safety
// `name` and `doc` are null or end with a NUL; `builder` is null or points to room for a pointer.
enum th_status th_builder_new(const char *name, uint32_t version, const char *doc, struct th_builder **builder);

// Frees a builder; null is fine.
//
// # Safety
// `builder` is null or from `th_builder_new`, not freed yet, in use by nobody.
void th_builder_free(struct th_builder *builder);

// Says how several attachments share the hook point; `TH_CHAIN_FIRST` unless said. `chain` is a `th_chain`.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else.
enum th_status th_builder_chain(struct th_builder *builder, uint32_t chain);

// The next argument; scripts may change it where it is `inout`.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else; `name` and `doc` are null or end with a NUL.
enum th_status th_builder_argument(struct th_builder *builder,
                                   const char *name,
                                   th_type ty,
                                   bool inout,
                                   const char *doc);

// A result. `default_json` is what a missing key means, as JSON: `0`, `true`, `"text"`, `"VARIANT"`, `null`, `[]`.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else; the texts are null or end with a NUL.
enum th_status th_builder_result(struct th_builder *builder,
                                 const char *name,
                                 th_type ty,
                                 const char *default_json,
                                 const char *doc);

// What the result `name` is while protection is missing, as JSON: while an attachment that the hook point requires is not
// there or does not answer, and where a policy says "closed". Results that are not given are at their defaults then. The
// result itself comes first (`th_builder_result`), with the same type.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else; the texts are null or end with a NUL.
enum th_status th_builder_closed(struct th_builder *builder,
                                 const char *name,
                                 th_type ty,
                                 const char *value_json);

// Until `attachment`, written as TENANT/NAME, is attached and enabled, every invocation gives the closed result, which has
// to be given (`th_builder_closed`).
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else; `attachment` is null or ends with a NUL.
enum th_status th_builder_require(struct th_builder *builder,
                                  const char *attachment);

// An integer that follows the arguments in each call, and that scripts find as a global too.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else; `name` is null or ends with a NUL.
enum th_status th_builder_constant(struct th_builder *builder, const char *name, int64_t value);

// Serves the operators' plane on a Unix socket, for the `tenterhook` command and others, on threads of its own, until
// the host is freed. With `attachments`, a folder, what operators attach is kept there and comes back after a restart.
// Hook points are declared before; a program that forks calls this after the fork. A library that was built without the
// control plane answers with `TH_FILE`.
//
// # Safety
// `host` is null or live; `socket` and `attachments` are null or end with a NUL.
enum th_status th_host_serve_control(const struct th_host *host, const char *socket, const char *attachments);

// How many attachments of the folder could not be attached when the control socket was first served: the program does
// well to say so. `tenterhook list` shows them and why. 0 where no control socket is served.
//
// # Safety
// `host` is null or live.
size_t th_host_broken(const struct th_host *host);

// Finds the slot of an argument or of a part of one, such as "attributes.metric" or "paths[].next_hop".
//
// # Safety
// `hook` is null or a live hook; `path` is null or ends with a NUL; `slot` is null or points to room for a slot.
enum th_status th_hook_slot(const struct th_hook *hook, const char *path, th_slot *slot);

// Finds a result such as "action", or what may change in an inout argument such as "attributes.metric".
//
// # Safety
// `hook` is null or a live hook; `path` is null or ends with a NUL; `field` is null or points to room for a field.
enum th_status th_hook_field(const struct th_hook *hook, const char *path, th_field *field);

// The position of a member in its record, in order of declaration, of what may change: that of "metric" among the
// attributes for "attributes.metric". For programs that go through what changed.
//
// # Safety
// `hook` is null or a live hook; `path` is null or ends with a NUL; `position` is null or points to room for one.
enum th_status th_hook_member(const struct th_hook *hook, const char *path, size_t *position);

// Whether anything is attached: one load, for callers that would spend time on the arguments.
//
// # Safety
// `hook` is null or a live hook.
bool th_hook_active(const struct th_hook *hook);

// Frees a handle; null is fine. The hook point and what is attached to it stay, and may be asked for again.
//
// # Safety
// `hook` is null or from `th_hook_declare` or `th_hook_catalog`, not freed yet, in use by nobody.
void th_hook_free(struct th_hook *hook);

// Makes a host. Compiles the interpreter, which takes 0.2–0.5 s, or takes it from the cache. A program that forks does
// this after the fork. Free it with `th_host_free`.
//
// # Safety
// `options` is null or points to options whose texts are null or end with a NUL, and whose `log` may be called on any
// thread that invokes, for as long as the host lives; `host` is null or points to room for a pointer.
enum th_status th_host_new(const struct th_host_options *options,
                           struct th_host **host);

// Frees a host; null is fine. Hooks, arguments and outcomes made from it may outlive it, and still work.
//
// # Safety
// `host` is null or from `th_host_new`, not freed yet, in use by nobody.
void th_host_free(struct th_host *host);

// Reads the policy again. It applies to scripts that are attached or replaced from now on.
//
// # Safety
// `host` is null or live.
enum th_status th_host_reload_policy(const struct th_host *host);

// Declares what a builder holds; again gives another handle of the same hook point. Free the handle with
// `th_hook_free`; the builder stays with the caller.
//
// # Safety
// `host` is null or live; `builder` is null or live, in use by nobody else; `hook` is null or points to room for a
// pointer.
enum th_status th_hook_declare(const struct th_host *host, const struct th_builder *builder, struct th_hook **hook);

// Hands every hook point declared so far to `each`, by name.
//
// # Safety
// `host` is null or live; `each` may be called with `context`.
enum th_status th_host_each_hook(const struct th_host *host, th_hook_fn each, void *context);

// Fires the hook point that `args` and `outcome` are of, with what is in `args`.
//
// With `only`, the attachments of that name alone are called: for programs in whose configuration a script is named.
//
// `TH_OK` whatever scripts do: what failed is in the outcome, and the results are what the policy says then. Arguments
// that could not be set are such a failure as well. Where it is not `TH_OK`, the outcome is as of a hook point with
// nothing attached: the declared results, nothing changed, no call.
//
// # Safety
// `args` and `outcome` are null or live, in use by nobody else; `only` is null or ends with a NUL.
enum th_status th_invoke(struct th_args *args, const char *only, struct th_outcome *outcome);

// Sets a list of integers.
//
// # Safety
// `args` is null or live, in use by nobody else; `values` points to `count` integers.
enum th_status th_args_set_u32s(struct th_args *args, th_slot slot, const uint32_t *values, size_t count);

// Says how many elements a list or map has; then select each with `th_args_element` or `th_args_entry` and set its
// slots, whose paths go through "[]".
//
// # Safety
// `args` is null or live, in use by nobody else.
enum th_status th_args_set_count(struct th_args *args, th_slot slot, size_t count);

// Selects element `index`, from 0, of the list `slot`: its slots are set from now on.
//
// # Safety
// `args` is null or live, in use by nobody else.
enum th_status th_args_element(struct th_args *args, th_slot slot, size_t index);

// Selects entry `index`, from 0, of the map `slot` and gives it a key.
//
// # Safety
// `args` is null or live, in use by nobody else; `key` points to `len` bytes.
enum th_status th_args_entry(struct th_args *args, th_slot slot, size_t index, const char *key, size_t len);

// Makes an outcome for a hook point's invocations. Free it with `th_outcome_free`.
//
// # Safety
// `hook` is null or a live hook; `outcome` is null or points to room for a pointer.
enum th_status th_outcome_new(const struct th_hook *hook, struct th_outcome **outcome);

// Frees an outcome; null is fine.
//
// # Safety
// `outcome` is null or from `th_outcome_new`, not freed yet, in use by nobody.
void th_outcome_free(struct th_outcome *outcome);

// The value of a field: a result, its declared default where nobody gave it; or what changed in an inout argument,
// `TH_ABSENT` where it did not. A change to nil is a value of kind `TH_KIND_NIL`.
//
// # Safety
// `outcome` is null or live, in use by nobody else; `value` is null or points to room for a value.
enum th_status th_outcome_get(const struct th_outcome *outcome, th_field field, struct th_value *value);

// Whether anything in an inout argument changed.
//
// # Safety
// `outcome` is null or live, in use by nobody else.
bool th_outcome_changed(const struct th_outcome *outcome, th_field field);

// How many attachments were called or would have been: 0 where none was there, or the hook point is closed, which is a
// failure of the outcome.
//
// # Safety
// `outcome` is null or live, in use by nobody else.
uint32_t th_outcome_calls(const struct th_outcome *outcome);

// Which attachment decided; 0 where the default stands because nobody said otherwise.
//
// # Safety
// `outcome` is null or live, in use by nobody else.
uint64_t th_outcome_decided_by(const struct th_outcome *outcome);

// How many calls failed.
//
// # Safety
// `outcome` is null or live, in use by nobody else.
size_t th_outcome_failures(const struct th_outcome *outcome);

// The failure at `index`, from 0.
//
// # Safety
// `outcome` is null or live, in use by nobody else; `failure` is null or points to room for a failure.
enum th_status th_outcome_failure(struct th_outcome *outcome, size_t index, struct th_failure *failure);

// Sets a boolean.
//
// # Safety
// `args` is null or live, in use by nobody else.
enum th_status th_args_set_bool(struct th_args *args, th_slot slot, bool value);

// Sets an integer, or an enum by its variant's integer.
//
// # Safety
// `args` is null or live, in use by nobody else.
enum th_status th_args_set_int(struct th_args *args, th_slot slot, int64_t value);

// Sets `count` integers of fields that follow each other in a record, from the one of `first` on. Integers that are
// optional, or that have something else in between, are set one by one.
//
// # Safety
// `args` is null or live, in use by nobody else; `values` points to `count` integers.
enum th_status th_args_set_ints(struct th_args *args, th_slot first, const int64_t *values, size_t count);

// Sets a float.
//
// # Safety
// `args` is null or live, in use by nobody else.
enum th_status th_args_set_float(struct th_args *args, th_slot slot, double value);

// Sets a string of `len` bytes; UTF-8 where the slot is of text.
//
// # Safety
// `args` is null or live, in use by nobody else; `value` points to `len` bytes.
enum th_status th_args_set_string(struct th_args *args, th_slot slot, const char *value, size_t len);

// Sets a string to text up to its NUL, whatever it is: what is not UTF-8 becomes `?` where the slot is of text, and
// what does not fit is cut off. For text that comes from elsewhere, such as descriptions. Null is the empty string.
//
// # Safety
// `args` is null or live, in use by nobody else; `value` is null or ends with a NUL.
enum th_status th_args_set_text(struct th_args *args, th_slot slot, const char *value);

// Sets an address from 4 (`family` AF_INET) or 16 bytes (AF_INET6) in network byte order.
//
// # Safety
// `args` is null or live, in use by nobody else; `bytes` points to as many bytes as the family has.
enum th_status th_args_set_address(struct th_args *args, th_slot slot, uint8_t family, const uint8_t *bytes);

// Sets a prefix of `length` bits; the address as for `th_args_set_address`.
//
// # Safety
// As `th_args_set_address`.
enum th_status th_args_set_prefix(struct th_args *args,
                                  th_slot slot,
                                  uint8_t family,
                                  const uint8_t *bytes,
                                  uint8_t length);

// Says what the last problem on this thread was; the text is good until the next problem on this thread. Never null.
const char *th_error_message(void);

// `true` or `false`.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else.
th_type th_type_boolean(struct th_builder *builder);

// A whole number from `min` to `max`, both included.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else.
th_type th_type_integer(struct th_builder *builder, int64_t min, int64_t max);

// A double.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else.
th_type th_type_float(struct th_builder *builder);

// UTF-8 text of at most `max` bytes.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else.
th_type th_type_text(struct th_builder *builder, uint32_t max);

// At most `max` bytes of any kind.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else.
th_type th_type_bytes(struct th_builder *builder, uint32_t max);

// An IPv4 or IPv6 address.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else.
th_type th_type_address(struct th_builder *builder);

// An IPv4 or IPv6 prefix.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else.
th_type th_type_prefix(struct th_builder *builder);

// A value of type `of`, or nil.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else.
th_type th_type_optional(struct th_builder *builder, th_type of);

// At most `max` values of type `of`.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else.
th_type th_type_list(struct th_builder *builder, th_type of, uint32_t max);

// At most `max` values of type `of` under string keys.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else.
th_type th_type_map(struct th_builder *builder, th_type of, uint32_t max);

// One of `count` names.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else; `name` and `doc` are null or end with a NUL;
// `variants` points to `count` variants.
th_type th_type_enum(struct th_builder *builder,
                     const char *name,
                     const char *doc,
                     const struct th_variant *variants,
                     size_t count);

// `count` named fields.
//
// # Safety
// `builder` is null or from `th_builder_new`, in use by nobody else; `name` and `doc` are null or end with a NUL;
// `members` points to `count` members.
th_type th_type_record(struct th_builder *builder,
                       const char *name,
                       const char *doc,
                       const struct th_member *members,
                       size_t count);

// What kind of value it is.
//
// # Safety
// `value` is of zeros, or from an outcome that lives and was not used since.
enum th_kind th_value_kind(struct th_value value);

// Reads a boolean.
//
// # Safety
// As `th_value_kind`; `out` is null or points to room for a boolean.
enum th_status th_value_bool(struct th_value value, bool *out);

// Reads an integer, or the integer of an enum's variant.
//
// # Safety
// As `th_value_kind`; `out` is null or points to room for an integer.
enum th_status th_value_int(struct th_value value, int64_t *out);

// Reads a float.
//
// # Safety
// As `th_value_kind`; `out` is null or points to room for a double.
enum th_status th_value_float(struct th_value value, double *out);

// Reads a string: `len` bytes, which no NUL follows and which may have some among them.
//
// # Safety
// As `th_value_kind`; `out` and `len` are null or point to room for them.
enum th_status th_value_string(struct th_value value, const char **out, size_t *len);

// Reads an address: `family` becomes 2 (IPv4) or 10 (IPv6), `bytes` 16 bytes, of which an IPv4 address has 4.
//
// # Safety
// As `th_value_kind`; `family` is null or points to a byte, `bytes` to 16.
enum th_status th_value_address(struct th_value value, uint8_t *family, uint8_t *bytes);

// Reads a prefix; the address as `th_value_address`.
//
// # Safety
// As `th_value_address`; `length` is null or points to a byte.
enum th_status th_value_prefix(struct th_value value, uint8_t *family, uint8_t *bytes, uint8_t *length);

// How many items a list or map has, and how many members of a record are given; 0 for other values.
//
// # Safety
// As `th_value_kind`.
size_t th_value_count(struct th_value value);

// Item `index`, from 0, of a list or map, or of the members of a record that are given.
//
// # Safety
// As `th_value_kind`; `out` is null or points to room for a value.
enum th_status th_value_item(struct th_value value, size_t index, struct th_value *out);

// Which member of its record item `index`, from 0, is: its position in order of declaration, as `th_hook_member`
// tells.
//
// # Safety
// As `th_value_kind`; `position` is null or points to room for a position.
enum th_status th_value_position(struct th_value value, size_t index, size_t *position);

// Key `index`, from 0, of a map, as `th_value_string`.
//
// # Safety
// As `th_value_string`.
enum th_status th_value_key(struct th_value value, size_t index, const char **out, size_t *len);

// The member at `position`, from 0 in order of declaration, of a record; `TH_ABSENT` where it is nil or not given.
//
// # Safety
// As `th_value_kind`; `out` is null or points to room for a value.
enum th_status th_value_member(struct th_value value, size_t position, struct th_value *out);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* TENTERHOOK_H */
