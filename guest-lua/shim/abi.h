/*
 * What host and guest share: the info block.
 *
 * Exports (all others would be a bug; a test in the host lists them):
 *
 *   memory, __stack_pointer, __indirect_function_table
 *   th_start()                     the state and its libraries              -> becomes the base image
 *   th_buffer(len) -> ptr          room for what the host hands over before a load
 *   th_declare(ptr, len)           the hook point's types and constants     (schema.h)
 *   th_provide(ptr, len)           the capability libraries                 (library.h)
 *   th_load(src, len, name)        compile, run, find the handler           -> becomes the program's image;
 *                                  TH_PIECE bytes of the source at most, the rest through the host call TH_SOURCE
 *   th_memory_errors(catchable)    whether pcall sees memory errors; before a load
 *   th_args(len) -> ptr            room for larger arguments than usual
 *   th_call(flags) -> ptr, len     one call of the handler
 *   th_try_body(f, L, ud)          the trampoline behind the import `try`
 *   th_info() -> ptr               where the info block lies
 *
 * The host trusts nothing here: every pointer and length that it reads is checked against the memory it belongs to.
 */
#ifndef TH_ABI_H
#define TH_ABI_H

#define TH_ABI_VERSION 3u

/* Layout fixed by ABI version: sandbox/src/guest.rs reads it by offset. */
typedef struct Info {
  uint32_t abi;          /*  0 TH_ABI_VERSION */
  uint32_t data_start;   /*  4 end of the shadow stack, start of everything that outlives a call */
  uint32_t heap_high;    /*  8 end of the memory that the allocator has handed out */
  uint32_t args;         /* 12 argument buffer */
  uint32_t args_cap;     /* 16 its size in bytes */
  uint32_t error;        /* 20 message of the error that ended the call, 0: none */
  uint32_t error_len;    /* 24 */
  uint32_t trace;        /* 28 its traceback */
  uint32_t trace_len;    /* 32 */
  uint32_t flags;        /* 36 TH_FLAG_* below */
  uint32_t reply;        /* 40 reply buffer of host calls */
  uint32_t reply_cap;    /* 44 */
  uint32_t settled;      /* 48 spans of memory that calls leave alone, address and size each (heap.h) */
  uint32_t settled_len;  /* 52 how many */
  uint32_t unsettled;    /* 56 where the word lies that is not 0 once a call did write there */
  uint32_t memory_end;   /* 60 where memory may end, after a load; 0: where it does */
} Info;

enum {
  TH_FLAG_STACK = 1,      /* the error is a stack overflow that Lua reported */
  TH_FLAG_NO_HANDLER = 2, /* the script ran but left no function of the handler's name */
  TH_FLAG_SYNTAX = 4,     /* the script did not compile */
  TH_FLAG_MEMORY = 8      /* memory ran out, and the script may catch that but did not */
};

/* Of the source of a script, what the host hands over with th_load, and the function that gives the next piece. */
#define TH_PIECE 4096u
#define TH_SOURCE UINT32_MAX

static Info th_info_block;
static lua_State *th_L;
static uint8_t th_reply[1024];

/* Counts calls: a view carries the number of the call it was made in. */
static uint32_t th_generation;

#define TH_MEMORY_START ((uint32_t)(uintptr_t)&th_info_block)

TH_EXPORT("th_info") Info *th_info(void) { return &th_info_block; }

TH_EXPORT("th_try_body") void th_try_body(Pfunc f, lua_State *L, void *ud) { f(L, ud); }

/* Little-endian reads and writes without alignment. */
static uint16_t get_u16(const uint8_t *p) { uint16_t v; memcpy(&v, p, 2); return v; }
static uint32_t get_u32(const uint8_t *p) { uint32_t v; memcpy(&v, p, 4); return v; }
static int64_t get_i64(const uint8_t *p) { int64_t v; memcpy(&v, p, 8); return v; }
static double get_f64(const uint8_t *p) { double v; memcpy(&v, p, 8); return v; }

#endif
