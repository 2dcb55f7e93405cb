/*
 * The allocator behind the Lua state: size classes of 16 bytes for small blocks, malloc.h for the rest.
 *
 *   th_small     blocks of up to 256 bytes, by class
 *   th_large     all others
 *   settled      what a load makes and calls leave alone: strings, prototypes, types; kept apart from the rest
 *
 * Lua passes the size of every block it frees, so small blocks need no header, and one load and one store take or give
 * one. Calls never give small blocks back to malloc: a call starts from the image, so what a call fragmented is gone
 * with it. A load does when it is over, so that the image keeps what lives and nothing else.
 */
#ifndef TH_HEAP_H
#define TH_HEAP_H

#define TH_CLASS_BYTES 16u
#define TH_CLASSES 17u              /* classes 1..16: up to 256 bytes */
#define TH_SMALL ((TH_CLASSES - 1) * TH_CLASS_BYTES)

static void *th_free_list[TH_CLASSES];
/* Where small blocks are cut from that no list has. */
static uint8_t *th_fresh_at;
static uint32_t th_fresh_left;

static void *th_large(void *old, size_t size) {
  void *block = th_realloc(old, size);
  if (block == NULL) th_asked = (uint32_t)size;
  return block;
}

static inline void th_small_free(void *block, uint32_t class) {
  *(void **)block = th_free_list[class];
  th_free_list[class] = block;
}

static void *th_refill(uint32_t bytes) {
  uint8_t *more = th_large(NULL, TH_CHUNK);
  /* Near the limit a single block may still be had. */
  if (more == NULL) return th_large(NULL, bytes);
  block_of(more)->size |= BLOCK_CHUNK;
  if (th_fresh_left > 0) th_small_free(th_fresh_at, th_fresh_left / TH_CLASS_BYTES);
  th_fresh_at = more + bytes;
  th_fresh_left = TH_CHUNK - bytes;
  return more;
}

static inline void *th_small(uint32_t class) {
  void **block = th_free_list[class];
  if (l_likely(block != NULL)) {
    th_free_list[class] = *block;
    return block;
  }
  uint32_t bytes = class * TH_CLASS_BYTES;
  if (l_unlikely(th_fresh_left < bytes)) return th_refill(bytes);
  uint8_t *cut = th_fresh_at;
  th_fresh_at = cut + bytes;
  th_fresh_left -= bytes;
  return cut;
}

static inline uint32_t th_class(size_t size) { return (uint32_t)((size + TH_CLASS_BYTES - 1) / TH_CLASS_BYTES); }

/* lua_Alloc. `old` is meaningful only where `block` is not null (else it is a type tag). */
static void *th_alloc(void *ud, void *block, size_t old, size_t size) {
  (void)ud;
  if (block == NULL) {
    if (size == 0) return NULL;
    return size <= TH_SMALL ? th_small(th_class(size)) : th_large(NULL, size);
  }
  int was_small = old <= TH_SMALL;
  if (size == 0) {
    if (was_small) th_small_free(block, th_class(old));
    else th_free(block);
    return NULL;
  }
  if (!was_small && size > TH_SMALL) return th_large(block, size);
  if (was_small && size <= TH_SMALL && th_class(old) == th_class(size)) return block;
  void *moved = size <= TH_SMALL ? th_small(th_class(size)) : th_large(NULL, size);
  if (moved == NULL) return NULL;
  memcpy(moved, block, old < size ? old : size);
  if (was_small) th_small_free(block, th_class(old));
  else th_free(block);
  return moved;
}

/* ---- settled memory ----
 *
 * The tables of libraries and metatables are hardly ever written; where one is, it is noted in th_unsettled.
 * Strings and prototypes are written by a load, by the collector, and in the few cases that config.h and guest.c note in
 * th_unsettled; types and places by a load alone. While a program loads they go into chunks of their own, and the host
 * does not restore those between calls that noted nothing. Buffers whose content is of one call are listed too. */

typedef struct Span { uint32_t start, size; } Span;
#define TH_SPANS 128u
#define TH_FIRST 4096u        /* bytes of small blocks that a call has before it asks malloc */
#define TH_BUFFER 0x80000000u /* in a span's size */
static Span *th_spans;
static uint8_t *th_settled_at;
static uint32_t th_settled_left, th_settled_bytes;
static void *th_settled_free[TH_CLASSES];

static void settle(const void *start, size_t size) {
  if (th_info_block.settled_len == TH_SPANS) return;
  th_spans[th_info_block.settled_len++] = (Span){(uint32_t)(uintptr_t)start, (uint32_t)size};
  th_settled_bytes += (uint32_t)size & ~TH_BUFFER;
}

/* Memory whose content is of one call: told apart, so that tests can. */
static void settle_buffer(const void *start, size_t size) { settle(start, size | TH_BUFFER); }

/* The span that the block lies in; null where it is not settled. */
static Span *settled_span(const void *block) {
  for (uint32_t i = 0; i < th_info_block.settled_len; i++)
    if ((uint32_t)(uintptr_t)block - th_spans[i].start < (th_spans[i].size & ~TH_BUFFER)) return &th_spans[i];
  return NULL;
}

/* Room for at most TH_SMALL bytes; ordinary room where there is no other. */
static void *th_settled_small(size_t size) {
  uint32_t class = th_class(size), bytes = class * TH_CLASS_BYTES;
  void **block = th_settled_free[class];
  if (block != NULL) {
    th_settled_free[class] = *block;
    return block;
  }
  if (th_settled_left < bytes) {
    /* Larger with what there is, so that few spans cover large programs. */
    uint32_t chunk = (2048 + th_settled_bytes / 4) & ~15u;
    uint8_t *more = th_info_block.settled_len < TH_SPANS ? th_large(NULL, chunk) : NULL;
    if (more == NULL) return th_small(class);
    settle(more, chunk);
    th_settled_at = more;
    th_settled_left = chunk;
  }
  void *taken = th_settled_at;
  th_settled_at += bytes;
  th_settled_left -= bytes;
  return taken;
}

static void th_settled_give(void *block, size_t size) {
  uint32_t class = th_class(size);
  *(void **)block = th_settled_free[class];
  th_settled_free[class] = block;
}

/* Whether the tables that are made belong to libraries. */
static int th_library;

/* lua_Alloc while a program loads. Long strings are not settled: they get their hash when they are first used as keys. */
static void *th_alloc_loading(void *ud, void *block, size_t old, size_t size) {
  int array = (int)th_settling;
  th_settling = 0;
  if (block == NULL && th_library && size > 0 && (old == LUA_TTABLE || array)) {
    if (size <= TH_SMALL) return th_settled_small(size);
    block = th_large(NULL, size);
    if (block != NULL) settle(block, size);
    return block;
  }
  if (block == NULL) {
    int settled = old == LUA_TPROTO || (old == LUA_TSTRING && size <= sizelstring(LUAI_MAXSHORTLEN));
    return settled && size <= TH_SMALL ? th_settled_small(size) : th_alloc(ud, NULL, old, size);
  }
  Span *span = settled_span(block);
  if (span != NULL && old <= TH_SMALL) {
    void *moved = NULL;
    if (size > 0) {
      moved = th_alloc(ud, NULL, 0, size);
      if (moved == NULL) return NULL;
      memcpy(moved, block, old < size ? old : size);
    }
    th_settled_give(block, old);
    return moved;
  }
  /* A large array has a span of its own. */
  if (span != NULL) span->size = 0;
  if (!array || size == 0) return th_alloc(ud, block, old, size);
  if (size > TH_SMALL) {
    void *kept = th_alloc(ud, block, old, size);
    if (kept != NULL && size >= 512) settle(kept, size);
    return kept;
  }
  void *moved = th_settled_small(size);
  if (moved == NULL) return NULL;
  memcpy(moved, block, size);
  th_alloc(ud, block, old, 0);
  return moved;
}

/* Room outside the Lua state (descriptors, argument and answer buffers); running out of it ends the call. */
static void *th_room(void *old, size_t size) {
  void *block = th_large(old, size == 0 ? 1 : size);
  if (block == NULL) th_out_of_memory((uint32_t)size);
  return block;
}

/* Room for what a load writes and nothing after it. */
static void *th_settled_room(size_t size) {
  void *block;
  if (size <= TH_SMALL) {
    block = th_settled_small(size == 0 ? 1 : size);
    if (block == NULL) th_out_of_memory((uint32_t)size);
  } else {
    block = th_room(NULL, size);
    settle(block, size);
  }
  return block;
}

/* Where what lives ends, for the host, and where memory may. */
static void heap_told(void) {
  th_info_block.heap_high = (uint32_t)(uintptr_t)th_top;
  th_info_block.memory_end = th_end;
}

/* Before anything is allocated. */
static void heap_start(void) {
  malloc_start();
  th_spans = th_room(NULL, TH_SPANS * sizeof(Span));
  th_info_block.settled = (uint32_t)(uintptr_t)th_spans;
  settle(th_spans, TH_SPANS * sizeof(Span));
  settle_buffer(th_reply, sizeof th_reply);
  th_info_block.unsettled = (uint32_t)(uintptr_t)&th_unsettled;
}

static void settle_libraries(lua_State *L) {
  th_library = 0;
  for (GCObject *o = G(L)->allgc; o != NULL; o = o->next)
    if (o->tt == LUA_VTABLE && settled_span(o) != NULL) gco2t(o)->flags |= TH_SETTLED_TABLE;
  /* These two were there before and have grown since; scripts write to the one, calls of ours to the other. */
  lua_pushvalue(L, LUA_REGISTRYINDEX);
  lua_pushglobaltable(L);
  for (int i = 1; i <= 2; i++) {
    Table *t = hvalue(s2v(L->top.p - i));
    luaH_resize(L, t, luaH_realasize(t), sizenode(t));
  }
  lua_pop(L, 2);
}

static void mark(uint8_t *is_free, const void *block, uint32_t units) {
  memset(is_free + (uint32_t)(uintptr_t)block / TH_CLASS_BYTES, 1, units);
}

/* Gives back the chunks of settled memory that are free as a whole. */
static void release_settled(uint8_t *is_free) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < th_info_block.settled_len; i++) {
    Span span = th_spans[i];
    uint8_t *units = is_free + span.start / TH_CLASS_BYTES;
    uint32_t count = span.size & TH_BUFFER ? 0 : span.size / TH_CLASS_BYTES, at = 0;
    while (at < count && units[at]) at++;
    if (span.size != 0 && (count == 0 || at < count)) th_spans[kept++] = span;
    if (count == 0 || at < count) continue;
    memset(units, 0, count);
    th_free((void *)(uintptr_t)span.start);
  }
  th_info_block.settled_len = kept;
}

/* Small blocks that are free go back to malloc by the chunk; the others are cleared and stay as they are, out of use: a
 * list of them would have to be restored. */
static void settle_free_blocks(void) {
  enum { LEAST = 8 }; /* classes that are worth a span */
  uint32_t end = (uint32_t)(uintptr_t)th_top / TH_CLASS_BYTES, run = 0;
  uint8_t *is_free = th_room(NULL, end);
  memset(is_free, 0, end);
  for (uint32_t class = 1; class < TH_CLASSES; class++) {
    for (void **block = th_free_list[class]; block != NULL; block = *block) mark(is_free, block, class);
    th_free_list[class] = NULL;
  }
  mark(is_free, th_fresh_at, th_fresh_left / TH_CLASS_BYTES);
  th_fresh_left = 0;
  for (uint32_t class = 1; class < TH_CLASSES; class++) {
    for (void **block = th_settled_free[class]; block != NULL; block = *block) mark(is_free, block, class);
    th_settled_free[class] = NULL;
  }
  mark(is_free, th_settled_at, th_settled_left / TH_CLASS_BYTES);
  th_settled_left = 0;
  for (uint32_t i = 0; i <= end; i++) {
    if (i < end && is_free[i]) { run++; continue; }
    if (run > 0) memset((void *)(uintptr_t)((i - run) * TH_CLASS_BYTES), 0, run * TH_CLASS_BYTES);
    run = 0;
  }
  malloc_sweep(is_free);
  release_settled(is_free);
  for (uint32_t i = 0; i <= end; i++) {
    if (i < end && is_free[i]) { run++; continue; }
    if (run >= LEAST && th_info_block.settled_len < TH_SPANS / 2)
      settle_buffer((void *)(uintptr_t)((i - run) * TH_CLASS_BYTES), run * TH_CLASS_BYTES);
    run = 0;
  }
  th_free(is_free);
}

/* The program is loaded: from here on calls allocate. */
static void heap_loaded(lua_State *L) {
  settle_free_blocks();
  /* Holes that the load left stay out of use: what calls need comes from behind all that the host restores. The large
     ones are listed first, because the number of spans is limited. */
  malloc_seal();
  malloc_holes(32768, UINT32_MAX, settle_buffer);
  for (uint32_t least = 8192; least >= 128; least /= 4) malloc_holes(least, least * 4, settle_buffer);
  th_fresh_at = th_room(NULL, TH_FIRST);
  th_fresh_left = TH_FIRST;
  memset(th_fresh_at, 0, TH_FIRST);
  settle_buffer(th_fresh_at, TH_FIRST);
  G(L)->frealloc = th_alloc;
  malloc_trim();
  heap_told();
  th_unsettled = 0;
}

#endif
