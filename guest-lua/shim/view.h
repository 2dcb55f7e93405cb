/*
 * Arguments as views: nothing is decoded until the script reads it.
 *
 *   static view    light userdata; high half: number of the call, low half: that number again and its Spot's. Lua
 *                  compares the low half, so views of different calls are different keys. No allocation.
 *   dynamic view   full userdata (records and lists inside lists and maps, whose place differs per call)
 *
 * A stale view, whose call has ended, carries an old number and raises an error when used. Writes go to a table beside
 * the buffer (the overlay), so that only what the script changed travels back.
 */
#ifndef TH_VIEW_H
#define TH_VIEW_H

typedef struct Place { const Type *type; uint32_t at; uint32_t generation; Spot *node; } Place;

static Table *th_view_meta;

static const uint8_t *place_bytes(uint32_t at) { return (const uint8_t *)(uintptr_t)(th_info_block.args + at); }

static void push_view(lua_State *L, const Spot *n) {
  TValue *o = s2v(L->top.p);
  o->value_.i = (lua_Integer)((uint64_t)th_generation << 32 | th_generation << 16 | n->number);
  settt_(o, LUA_VLIGHTUSERDATA);
  api_incr_top(L);
}

static void push_place(lua_State *L, const Type *t, uint32_t at) {
  Place *p = lua_newuserdatauv(L, sizeof(Place), 0);
  *p = (Place){t, at, th_generation, NULL};
  uvalue(s2v(L->top.p - 1))->metatable = th_view_meta;
}

/* The value in the slot at `at`; `node` where the slot lies at the same place in every call. */
static void push_slot(lua_State *L, const Type *t, uint32_t at, Spot *node) {
  const uint8_t *p = place_bytes(at);
  switch ((Kind)t->kind) {
    case K_BOOLEAN: lua_pushboolean(L, *p); break;
    case K_INTEGER: lua_pushinteger(L, get_i64(p)); break;
    case K_FLOAT: lua_pushnumber(L, get_f64(p)); break;
    case K_STRING: lua_pushlstring(L, (const char *)place_bytes(get_u32(p)), get_u32(p + 4)); break;
    case K_ADDRESS: push_net(L, p, th_address_meta); break;
    case K_PREFIX: push_net(L, p, th_prefix_meta); break;
    case K_ENUMERATION: {
      setsvalue2s(L, L->top.p, t->variants[get_u32(p)].name);
      api_incr_top(L);
      break;
    }
    case K_OPTIONAL:
      if (get_u32(p) == 0) lua_pushnil(L);
      else push_slot(L, t->inner, at + 8, node);
      break;
    case K_LIST: case K_MAP: case K_RECORD:
      if (node != NULL) push_view(L, node);
      else push_place(L, t, at);
      break;
  }
}

/* ---- reading a view ---- */

/* Null unless the value is a view; does not look at the call it belongs to. */
static int as_place(const TValue *o, Place *out) {
  if (ttislightuserdata(o)) {
    uint64_t bits = (uint64_t)o->value_.i;
    if ((uint16_t)bits >= th_spot_count) return 0;
    Spot *n = th_spots[(uint16_t)bits];
    *out = (Place){n->type, n->at, (uint32_t)(bits >> 32), n};
    return 1;
  }
  if (ttisfulluserdata(o) && uvalue(o)->metatable == th_view_meta) {
    *out = *(Place *)getudatamem(uvalue(o));
    return 1;
  }
  return 0;
}

/* What was given instead, for messages: the value where it is short, its kind otherwise. */
static const char *got(lua_State *L, int arg) {
  Place p;
  const TValue *o = index2value(L, arg);
  if (ttisinteger(o)) return lua_pushfstring(L, "%I", (LUAI_UACINT)ivalue(o));
  if (ttisfloat(o)) return lua_pushfstring(L, "%f", fltvalue(o));
  if (ttisstring(o) && tsslen(tsvalue(o)) <= 40) return lua_pushfstring(L, "\"%s\"", getstr(tsvalue(o)));
  if (as_place(o, &p)) return "view";
  return luaT_objtypename(L, o);
}

static const char *place_name(const Place *p) {
  if (p->node != NULL) return p->node->path;
  return p->type->kind == K_RECORD ? getstr(p->type->name) : p->type->kind == K_LIST ? "list" : "map";
}

static Place check_place(lua_State *L, int arg) {
  Place p;
  if (!as_place(index2value(L, arg), &p)) luaL_typeerror(L, arg, "view");
  if (p.generation != th_generation)
    luaL_error(L, "'%s' is stale: the call it belongs to ended; copy what you need", place_name(&p));
  return p;
}

/* Edits to turn `a` into `b`, up to 3; for "did you mean". */
static int edit_distance(const char *a, const char *b) {
  uint8_t row[64];
  size_t n = strlen(b);
  if (n >= 63 || strlen(a) >= 63) return 99;
  for (size_t j = 0; j <= n; j++) row[j] = (uint8_t)j;
  for (size_t i = 0; a[i] != '\0'; i++) {
    uint8_t diagonal = row[0];
    row[0] = (uint8_t)(i + 1);
    for (size_t j = 0; j < n; j++) {
      uint8_t cost = (uint8_t)(diagonal + (a[i] != b[j]));
      diagonal = row[j + 1];
      uint8_t least = (uint8_t)(diagonal + 1);
      if (row[j] + 1 < least) least = (uint8_t)(row[j] + 1);
      row[j + 1] = cost < least ? cost : least;
    }
  }
  return row[n];
}

static l_noret unknown_field(lua_State *L, const Place *p, const char *key) {
  const char *nearest = NULL;
  int least = 4;
  for (uint32_t i = 0; i < p->type->count; i++) {
    const char *name = getstr(p->type->fields[i].name);
    int d = edit_distance(key, name);
    if (d < least && d < (int)strlen(name)) { least = d; nearest = name; }
  }
  if (nearest != NULL) luaL_error(L, "no field '%s' in %s; did you mean '%s'?", key, place_name(p), nearest);
  luaL_error(L, "no field '%s' in %s", key, place_name(p));
  for (;;) {} /* luaL_error does not return */
}

/* Position of the field from 0; an error where there is none. */
static uint32_t check_field(lua_State *L, const Place *p, int arg) {
  const TValue *key = index2value(L, arg);
  if (l_likely(ttisstring(key))) {
    uint32_t found = find_field(p->type, tsvalue(key));
    if (l_likely(found != 0)) return found - 1;
    unknown_field(L, p, getstr(tsvalue(key)));
  }
  luaL_error(L, "fields of %s have names, got a %s", place_name(p), luaL_typename(L, arg));
  return 0;
}

static void push_field(lua_State *L, const Place *p, uint32_t i) {
  Spot *n = p->node;
  if (n != NULL && n->changes != NULL && n->changes->field[i]) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, n->overlay);
    lua_rawgeti(L, -1, (lua_Integer)i + 1);
    lua_remove(L, -2);
    return;
  }
  const Field *f = &p->type->fields[i];
  push_slot(L, f->type, p->at + f->offset, n != NULL ? n->children[i] : NULL);
}

/* What luaV_finishget asks first: a field of a record at a place of its own, into `out`. 1 if that is what it was; all
   else, errors among it, goes through view_index. */
static int th_view_get(lua_State *L, const TValue *view, const TValue *key, StkId out) {
  uint64_t bits = (uint64_t)view->value_.i;
  if (!ttisshrstring(key) || (uint32_t)(bits >> 32) != th_generation || (uint16_t)bits >= th_spot_count) return 0;
  const Spot *n = th_spots[(uint16_t)bits];
  if (n->type->kind != K_RECORD) return 0;
  uint32_t found = find_field(n->type, tsvalue(key));
  if (found-- == 0 || (n->changes != NULL && n->changes->field[found])) return 0;
  const Field *f = &n->type->fields[found];
  const Type *t = f->type;
  uint32_t at = n->at + f->offset;
  const uint8_t *p = place_bytes(at);
  if (t->kind == K_OPTIONAL) {
    if (get_u32(p) == 0) { setnilvalue(s2v(out)); return 1; }
    t = t->inner;
    p += 8;
  }
  switch ((Kind)t->kind) {
    case K_BOOLEAN:
      if (*p) setbtvalue(s2v(out));
      else setbfvalue(s2v(out));
      return 1;
    case K_INTEGER: setivalue(s2v(out), get_i64(p)); return 1;
    case K_FLOAT: setfltvalue(s2v(out), get_f64(p)); return 1;
    case K_ENUMERATION: setsvalue2s(L, out, t->variants[get_u32(p)].name); return 1;
    case K_RECORD: case K_LIST: case K_MAP: {
      const Spot *child = n->children[found];
      s2v(out)->value_.i = (lua_Integer)((uint64_t)th_generation << 32 | th_generation << 16 | child->number);
      settt_(s2v(out), LUA_VLIGHTUSERDATA);
      return 1;
    }
    case K_STRING: {
      ptrdiff_t place = savestack(L, out);
      luaC_checkGC(L);
      TString *s = luaS_newlstr(L, (const char *)place_bytes(get_u32(p)), get_u32(p + 4));
      out = restorestack(L, place);
      setsvalue2s(L, out, s);
      return 1;
    }
    default: return 0;
  }
}

static uint32_t place_count(const Place *p) { return get_u32(place_bytes(p->at) + 4); }
static uint32_t place_items(const Place *p) { return get_u32(place_bytes(p->at)); }

static void push_element(lua_State *L, const Place *p, uint32_t i) {
  push_slot(L, p->type->inner, place_items(p) + i * p->type->inner->slot, NULL);
}

/* Entries of a map: a string slot, then the value's. */
static uint32_t entry_at(const Place *p, uint32_t i) { return place_items(p) + i * (8 + p->type->inner->slot); }

static int find_entry(const Place *p, const TString *key, uint32_t *out) {
  uint32_t count = place_count(p), len = (uint32_t)tsslen(key);
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t *slot = place_bytes(entry_at(p, i));
    if (get_u32(slot + 4) == len && memcmp(place_bytes(get_u32(slot)), getstr(key), len) == 0) { *out = i; return 1; }
  }
  return 0;
}

static int view_index(lua_State *L) {
  Place p = check_place(L, 1);
  const TValue *key = index2value(L, 2);
  uint32_t entry;
  lua_Integer at;
  switch (p.type->kind) {
    case K_RECORD: push_field(L, &p, check_field(L, &p, 2)); break;
    case K_LIST:
      if (!ttisnumber(key) || !tointegerns(key, &at)) return luaL_error(L, "%s is a list: expected an integer index, got %s", place_name(&p), got(L, 2));
      if ((lua_Unsigned)at - 1 < place_count(&p)) push_element(L, &p, (uint32_t)at - 1);
      else lua_pushnil(L);
      break;
    default:
      if (!ttisstring(key)) return luaL_error(L, "%s is a map: expected a string key, got %s", place_name(&p), got(L, 2));
      if (find_entry(&p, tsvalue(key), &entry)) push_slot(L, p.type->inner, entry_at(&p, entry) + 8, NULL);
      else lua_pushnil(L);
  }
  return 1;
}

/* ---- writing ---- */

static const char *expected(lua_State *L, const Type *t) {
  switch ((Kind)t->kind) {
    case K_BOOLEAN: return "boolean";
    case K_INTEGER: return lua_pushfstring(L, "integer %I..%I", (LUAI_UACINT)t->least, (LUAI_UACINT)t->most);
    case K_FLOAT: return "number";
    case K_STRING: return lua_pushfstring(L, "string of at most %I bytes", (LUAI_UACINT)t->max);
    case K_ADDRESS: return "address";
    case K_PREFIX: return "prefix";
    case K_ENUMERATION: return getstr(t->name);
    case K_OPTIONAL: return lua_pushfstring(L, "%s or nil", expected(L, t->inner));
    case K_LIST: return "list";
    case K_MAP: return "map";
    case K_RECORD: return getstr(t->name);
  }
  return "value";
}

/* Whether the value may stand in the slot; the host checks again, this is for the error at the right line. */
static int fits(lua_State *L, const Type *t, int arg) {
  Place p;
  Net parsed;
  size_t len;
  int ok;
  int type = lua_type(L, arg);
  switch ((Kind)t->kind) {
    case K_BOOLEAN: return type == LUA_TBOOLEAN;
    case K_INTEGER: {
      lua_Integer v = lua_tointegerx(L, arg, &ok);
      return type == LUA_TNUMBER && ok && v >= t->least && v <= t->most;
    }
    case K_FLOAT: return type == LUA_TNUMBER;
    case K_STRING: return type == LUA_TSTRING && lua_rawlen(L, arg) <= t->max;
    case K_ADDRESS: case K_PREFIX: {
      int prefix = t->kind == K_PREFIX;
      if (type != LUA_TSTRING) return to_net(L, arg, prefix ? th_prefix_meta : th_address_meta) != NULL;
      const char *s = lua_tolstring(L, arg, &len);
      return parse_net(s, len, prefix, &parsed);
    }
    case K_ENUMERATION: {
      lua_Integer v = lua_tointegerx(L, arg, &ok);
      for (uint32_t i = 0; i < t->count; i++) {
        if (type == LUA_TSTRING ? strcmp(lua_tostring(L, arg), getstr(t->variants[i].name)) == 0
                                : type == LUA_TNUMBER && ok && v == t->variants[i].value) return 1;
      }
      return 0;
    }
    case K_OPTIONAL: return type == LUA_TNIL || fits(L, t->inner, arg);
    case K_LIST: case K_MAP: case K_RECORD:
      if (type == LUA_TTABLE) return 1;
      return as_place(index2value(L, arg), &p) && p.generation == th_generation && p.type->kind == t->kind;
  }
  return 0;
}

/* What was written reads back as what it is: text becomes the address, prefix or variant that it names, and numbers take
   the field's kind. The value fits. */
static void convert(lua_State *L, const Type *t, int arg) {
  Net net;
  size_t len;
  if (t->kind == K_OPTIONAL) t = t->inner;
  int type = lua_type(L, arg);
  if (type == LUA_TNUMBER && t->kind == K_INTEGER) lua_pushinteger(L, lua_tointeger(L, arg));
  else if (type == LUA_TNUMBER && t->kind == K_FLOAT) lua_pushnumber(L, lua_tonumber(L, arg));
  else if (type == LUA_TSTRING && (t->kind == K_ADDRESS || t->kind == K_PREFIX)) {
    const char *s = lua_tolstring(L, arg, &len);
    parse_net(s, len, t->kind == K_PREFIX, &net);
    push_net(L, (uint8_t *)&net, t->kind == K_PREFIX ? th_prefix_meta : th_address_meta);
  } else if (type == LUA_TNUMBER && t->kind == K_ENUMERATION) {
    lua_Integer v = lua_tointeger(L, arg);
    uint32_t i = 0;
    while (t->variants[i].value != v) i++;
    setsvalue2s(L, L->top.p, t->variants[i].name);
    api_incr_top(L);
  } else lua_pushvalue(L, arg);
}

static int view_newindex(lua_State *L) {
  Place p = check_place(L, 1);
  if (p.type->kind != K_RECORD)
    return luaL_error(L, "%s cannot be changed in place; assign a whole %s", place_name(&p), p.type->kind == K_LIST ? "list" : "map");
  uint32_t i = check_field(L, &p, 2);
  const Field *f = &p.type->fields[i];
  if (p.node == NULL || !p.node->writable) return luaL_error(L, "%s is read-only", place_name(&p));
  if (!f->writable) return luaL_error(L, "%s.%s is read-only", place_name(&p), getstr(f->name));
  if (!fits(L, f->type, 3))
    return luaL_error(L, "%s.%s: expected %s, got %s", place_name(&p), getstr(f->name), expected(L, f->type), got(L, 3));
  Spot *n = p.node;
  lua_rawgeti(L, LUA_REGISTRYINDEX, n->overlay);
  convert(L, f->type, 3);
  lua_rawseti(L, -2, (lua_Integer)i + 1);
  Changes *c = n->changes;
  c->field[i] = 1;
  if (!c->any) {
    c->any = 1;
    c->next = th_dirty;
    th_dirty = n;
  }
  return 0;
}

/* Before a call: forgets what the last one wrote (only kept executors ever have something to forget). */
static void forget_changes(lua_State *L) {
  for (Spot *n = th_dirty; n != NULL; n = n->changes->next) {
    lua_rawgeti(L, LUA_REGISTRYINDEX, n->overlay);
    for (uint32_t i = 0; i < n->type->count; i++) {
      if (!n->changes->field[i]) continue;
      lua_pushnil(L);
      lua_rawseti(L, -2, (lua_Integer)i + 1);
      n->changes->field[i] = 0;
    }
    lua_pop(L, 1);
    n->changes->any = 0;
  }
  th_dirty = NULL;
}

/* ---- the other operations ---- */

static int view_len(lua_State *L) {
  Place p = check_place(L, 1);
  if (p.type->kind == K_RECORD) return luaL_error(L, "%s is a record; it has no length", place_name(&p));
  lua_pushinteger(L, (lua_Integer)place_count(&p));
  return 1;
}

static int view_eq(lua_State *L) {
  Place a = check_place(L, 1), b = check_place(L, 2);
  lua_pushboolean(L, a.type == b.type && a.at == b.at);
  return 1;
}

static int view_tostring(lua_State *L) {
  Place p = check_place(L, 1);
  if (p.type->kind == K_RECORD) lua_pushfstring(L, "%s (record %s)", place_name(&p), getstr(p.type->name));
  else lua_pushfstring(L, "%s (%s of %I)", place_name(&p), p.type->kind == K_LIST ? "list" : "map", (LUAI_UACINT)place_count(&p));
  return 1;
}

/* Records skip what is absent, as a table would. */
static int view_next(lua_State *L) {
  Place p = check_place(L, 1);
  uint32_t i = 0;
  lua_settop(L, 2);
  if (p.type->kind == K_RECORD) {
    if (!lua_isnil(L, 2)) i = check_field(L, &p, 2) + 1;
    for (; i < p.type->count; i++) {
      setsvalue2s(L, L->top.p, p.type->fields[i].name);
      api_incr_top(L);
      push_field(L, &p, i);
      if (!lua_isnil(L, -1)) return 2;
      lua_pop(L, 2);
    }
  } else if (p.type->kind == K_LIST) {
    if (!lua_isnil(L, 2)) i = (uint32_t)luaL_checkinteger(L, 2);
    if (i < place_count(&p)) {
      lua_pushinteger(L, (lua_Integer)i + 1);
      push_element(L, &p, i);
      return 2;
    }
  } else {
    if (!lua_isnil(L, 2)) {
      luaL_checktype(L, 2, LUA_TSTRING);
      if (!find_entry(&p, tsvalue(index2value(L, 2)), &i)) return luaL_error(L, "invalid key to 'next'");
      i++;
    }
    if (i < place_count(&p)) {
      const uint8_t *slot = place_bytes(entry_at(&p, i));
      lua_pushlstring(L, (const char *)place_bytes(get_u32(slot)), get_u32(slot + 4));
      push_slot(L, p.type->inner, entry_at(&p, i) + 8, NULL);
      return 2;
    }
  }
  lua_pushnil(L);
  return 1;
}

static int view_pairs(lua_State *L) {
  check_place(L, 1);
  lua_pushcfunction(L, view_next);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}

static void open_views(lua_State *L) {
  static const luaL_Reg methods[] = {
    {"__index", view_index}, {"__newindex", view_newindex}, {"__len", view_len}, {"__eq", view_eq},
    {"__tostring", view_tostring}, {"__pairs", view_pairs}, {NULL, NULL},
  };
  lua_createtable(L, 0, 8);
  luaL_setfuncs(L, methods, 0);
  lua_pushliteral(L, "view");
  lua_setfield(L, -2, "__name");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  th_view_meta = hvalue(s2v(L->top.p - 1));
  /* All light userdata share one metatable, and views are the only light userdata that scripts ever see. */
  lua_pushlightuserdata(L, NULL);
  lua_pushvalue(L, -2);
  lua_setmetatable(L, -2);
  lua_pop(L, 1);
  luaL_ref(L, LUA_REGISTRYINDEX);
}

#endif
