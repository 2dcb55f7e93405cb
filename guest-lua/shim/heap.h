/*
 * The allocator behind the Lua state: size classes of 16 bytes for small blocks, the C library's malloc for the rest.
 *
 * Lua tells the size of every block it frees, so small blocks need no header, and one load and one store take or give
 * one. Small blocks are never given back to malloc: a call starts from the image, so what a call fragmented is gone
 * with it.
 */
#ifndef TH_HEAP_H
#define TH_HEAP_H

#define TH_CLASS_BYTES 16u
#define TH_CLASSES 17u              /* classes 1..16: up to 256 bytes */
#define TH_SMALL ((TH_CLASSES - 1) * TH_CLASS_BYTES)
#define TH_REFILL 1024u             /* bytes taken from malloc to refill a class */

static void *th_free_list[TH_CLASSES];

static void *th_large(void *old, size_t size) {
  void *block = realloc(old, size);
  if (block == NULL) {
    th_asked = (uint32_t)size;
    return NULL;
  }
  uint32_t end = (uint32_t)(uintptr_t)block + (uint32_t)size + 32;
  if (end > th_info_block.heap_high) th_info_block.heap_high = end;
  return block;
}

static void *th_refill(uint32_t class) {
  uint32_t bytes = class * TH_CLASS_BYTES;
  uint32_t count = TH_REFILL / bytes;
  uint8_t *chunk = th_large(NULL, count * bytes);
  if (chunk == NULL) {
    /* Near the limit a single block may still be had. */
    return th_large(NULL, bytes);
  }
  for (uint32_t i = count - 1; i > 0; i--) {
    void **block = (void **)(chunk + i * bytes);
    *block = th_free_list[class];
    th_free_list[class] = block;
  }
  return chunk;
}

static inline void *th_small(uint32_t class) {
  void **block = th_free_list[class];
  if (l_unlikely(block == NULL)) return th_refill(class);
  th_free_list[class] = *block;
  return block;
}

static inline void th_small_free(void *block, uint32_t class) {
  *(void **)block = th_free_list[class];
  th_free_list[class] = block;
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
    else free(block);
    return NULL;
  }
  if (!was_small && size > TH_SMALL) return th_large(block, size);
  if (was_small && size <= TH_SMALL && th_class(old) == th_class(size)) return block;
  void *moved = size <= TH_SMALL ? th_small(th_class(size)) : th_large(NULL, size);
  if (moved == NULL) return NULL;
  memcpy(moved, block, old < size ? old : size);
  if (was_small) th_small_free(block, th_class(old));
  else free(block);
  return moved;
}

/* Room outside the Lua state (descriptors, argument and answer buffers); running out of it ends the call. */
static void *th_room(void *old, size_t size) {
  void *block = th_large(old, size == 0 ? 1 : size);
  if (block == NULL) th_out_of_memory((uint32_t)size);
  return block;
}

#endif
