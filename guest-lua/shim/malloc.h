/*
 * Blocks of more than 256 bytes, and the chunks that smaller ones are cut from (heap.h).
 *
 *   block    8 bytes before what is handed out: the size of the block before, and its own with two flags
 *   bins     free blocks by size, four to a power of two; a map says which bins have any
 *   top      what lies behind the last block that is in use, up to the end of memory
 *
 * Neighbours that are free are one block, and none lies before the top. It is ours so that the heap can be looked
 * through when a program has loaded: what is free then is cleared, and memory ends where what lives ends.
 */
#ifndef TH_MALLOC_H
#define TH_MALLOC_H

typedef struct Block {
  uint32_t before; /* size of the block before, 0: there is none */
  uint32_t size;   /* of all of the block, a multiple of 16, and flags */
  struct Block *next, *previous; /* in a bin; part of what is handed out otherwise */
} Block;

enum { BLOCK_USED = 1, BLOCK_CHUNK = 2, BLOCK_HOLE = 4, BLOCK_HEADER = 8, BLOCK_LEAST = 32 };
#define BLOCK_MOST 0x40000000u
#define TH_CHUNK 2032u /* bytes of a chunk */
#define TH_BINS 128u

static Block *th_bins[TH_BINS];
static uint64_t th_bins_used[2];
static Block *th_top;
static uint32_t th_top_before;
/* Where memory ends, and where it did at the start. */
static uint32_t th_end, th_least_end;

static inline uint32_t block_size(const Block *b) { return b->size & ~15u; }
static inline Block *block_at(const void *at, int32_t by) { return (Block *)((uint8_t *)(uintptr_t)at + by); }
static inline Block *block_after(const Block *b) { return block_at(b, (int32_t)block_size(b)); }
static inline Block *block_of(const void *p) { return block_at(p, -BLOCK_HEADER); }
static inline void *block_room(Block *b) { return (uint8_t *)b + BLOCK_HEADER; }
static Block *block_first(void) {
  extern uint8_t __heap_base;
  return (Block *)((((uintptr_t)&__heap_base + BLOCK_HEADER + 15) & ~(uintptr_t)15) - BLOCK_HEADER);
}

/* The bin that a free block of that size lies in. */
static inline uint32_t bin_of(uint32_t size) {
  uint32_t log = 31 - (uint32_t)__builtin_clz(size);
  return (log - 4) * 4 + (size >> (log - 2) & 3);
}

static inline void bin_put(Block *b) {
  uint32_t bin = bin_of(b->size);
  b->previous = NULL;
  b->next = th_bins[bin];
  if (b->next != NULL) b->next->previous = b;
  th_bins[bin] = b;
  th_bins_used[bin / 64] |= 1ull << (bin % 64);
}

static inline void bin_take(Block *b) {
  if (b->next != NULL) b->next->previous = b->previous;
  if (b->previous != NULL) {
    b->previous->next = b->next;
    return;
  }
  uint32_t bin = bin_of(b->size);
  th_bins[bin] = b->next;
  if (b->next == NULL) th_bins_used[bin / 64] &= ~(1ull << (bin % 64));
}

/* Says to what follows how large the block before it is. */
static inline void block_tell(const Block *b) {
  Block *after = block_after(b);
  if (after == th_top) th_top_before = block_size(b);
  else after->before = block_size(b);
}

/* A free block of at least that size, out of its bin; null where there is none. */
static Block *bin_find(uint32_t size) {
  Block *b = th_bins[bin_of(size)];
  if (b == NULL || b->size < size) {
    /* Every block of a bin beyond is large enough. */
    uint32_t bin = bin_of(size) + 1, word = bin / 64;
    uint64_t used = th_bins_used[word] >> (bin % 64) << (bin % 64);
    if (used == 0 && word == 0) used = th_bins_used[word = 1];
    if (used == 0) return NULL;
    b = th_bins[word * 64 + (uint32_t)__builtin_ctzll(used)];
  }
  bin_take(b);
  return b;
}

/* Gives a block back; what it is part of then, null where that is the top. */
static Block *block_free(Block *b) {
  b->size &= ~15u;
  Block *after = block_after(b);
  if (b->before != 0) {
    Block *before = block_at(b, -(int32_t)b->before);
    if (!(before->size & BLOCK_USED)) {
      bin_take(before);
      before->size += b->size;
      b = before;
    }
  }
  if (after == th_top) {
    th_top = b;
    th_top_before = b->before;
    return NULL;
  }
  if (!(after->size & BLOCK_USED)) {
    bin_take(after);
    b->size += after->size;
  }
  block_tell(b);
  bin_put(b);
  return b;
}

/* Makes the block so large, and free what it had beyond. */
static inline void block_cut(Block *b, uint32_t size) {
  uint32_t rest = block_size(b) - size;
  if (rest < BLOCK_LEAST) return;
  b->size -= rest;
  Block *beyond = block_after(b);
  beyond->before = size;
  beyond->size = rest | BLOCK_USED;
  block_tell(beyond);
  block_free(beyond);
}

/* Whether the top has so much, asking the host for more if need be. */
static int top_has(uint32_t size) {
  uint32_t has = th_end - (uint32_t)(uintptr_t)th_top;
  /* What is written of a block when it is cut off lies within it. */
  if (l_likely(size <= has)) return 1;
  uint32_t pages = (size - has + 0xffff) >> 16, before = th_grow(pages);
  if (before == UINT32_MAX) return 0;
  th_end = (before + pages) << 16;
  return 1;
}

/* The size of a block that so much fits in; 0 where there is none. */
static inline uint32_t block_for(size_t size) {
  if (size > BLOCK_MOST) return 0;
  uint32_t needed = ((uint32_t)size + BLOCK_HEADER + 15) & ~15u;
  return needed < BLOCK_LEAST ? BLOCK_LEAST : needed;
}

static void *th_malloc(size_t size) {
  uint32_t needed = block_for(size);
  if (needed == 0) return NULL;
  Block *b = bin_find(needed);
  if (b != NULL) {
    b->size |= BLOCK_USED;
    block_cut(b, needed);
  } else {
    if (!top_has(needed)) return NULL;
    b = th_top;
    b->before = th_top_before;
    b->size = needed | BLOCK_USED;
    th_top = block_after(b);
    th_top_before = needed;
  }
  return block_room(b);
}

static void th_free(void *p) {
  if (p != NULL) block_free(block_of(p));
}

static void *th_realloc(void *p, size_t size) {
  if (p == NULL) return th_malloc(size);
  uint32_t needed = block_for(size);
  if (needed == 0) return NULL;
  Block *b = block_of(p);
  uint32_t has = block_size(b);
  if (needed > has) {
    Block *after = block_after(b);
    if (after == th_top) {
      if (!top_has(needed - has)) return NULL;
      b->size += needed - has;
      th_top = block_after(b);
      th_top_before = needed;
      return p;
    }
    if ((after->size & BLOCK_USED) || has + after->size < needed) {
      void *moved = th_malloc(size);
      if (moved == NULL) return NULL;
      memcpy(moved, p, has - BLOCK_HEADER);
      th_free(p);
      return moved;
    }
    bin_take(after);
    b->size += after->size;
    block_tell(b);
  }
  block_cut(b, needed);
  return p;
}

/* Before anything is allocated. */
static void malloc_start(void) {
  th_end = th_least_end = (uint32_t)__builtin_wasm_memory_size(0) << 16;
  th_top = block_first();
  th_top_before = 0;
}

/* Gives back the chunks that are free as a whole, as `is_free` says by a byte for each 16. */
static void malloc_sweep(uint8_t *is_free) {
  for (Block *b = block_first(); b != th_top; b = block_after(b)) {
    if (!(b->size & BLOCK_CHUNK)) continue;
    uint8_t *units = is_free + (uint32_t)(uintptr_t)block_room(b) / 16;
    uint32_t free_units = 0;
    while (free_units < TH_CHUNK / 16 && units[free_units]) free_units++;
    if (free_units < TH_CHUNK / 16) continue;
    memset(units, 0, free_units);
    b = block_free(b);
    if (b == NULL) return;
  }
}

/* The program is loaded. Free blocks are cleared and stay as they are, out of use. */
static void malloc_seal(void) {
  memset(th_bins, 0, sizeof th_bins);
  memset(th_bins_used, 0, sizeof th_bins_used);
  for (Block *b = block_first(); b != th_top; b = block_after(b)) {
    if (b->size & BLOCK_USED) continue;
    b->size |= BLOCK_USED | BLOCK_HOLE;
    memset(block_room(b), 0, block_size(b) - BLOCK_HEADER);
  }
}

/* Reports those within these sizes, the first time. */
static void malloc_holes(uint32_t least, uint32_t below, void (*hole)(const void *, size_t)) {
  for (Block *b = block_first(); b != th_top; b = block_after(b)) {
    uint32_t room = block_size(b) - BLOCK_HEADER;
    if ((b->size & BLOCK_HOLE) && room >= least && room < below) hole(block_room(b), room);
  }
}

/* Memory ends with the page in which the top begins, but no earlier than at the start; it is empty from the top on. */
static void malloc_trim(void) {
  uint32_t top = (uint32_t)(uintptr_t)th_top, end = (top + 0xffff) & ~0xffffu;
  if (end < th_least_end) end = th_least_end;
  if (end > th_end) end = th_end;
  memset(th_top, 0, end - top);
  th_end = end;
}

#endif
