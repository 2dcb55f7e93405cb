/*
 * Addresses and prefixes: small immutable values, compared and ordered by content.
 *
 *   net.address("192.0.2.1")    .family .string .value    == < <=  tostring
 *   net.prefix("192.0.2.0/24")  .family .length .network .address  :contains(x)   == < <=  tostring
 *
 * `family` is 2 (IPv4) or 10 (IPv6), `value` an IPv4 address as FRR's scripting gives it: the four bytes in network
 * order, read as a little-endian integer. Text follows RFC 5952.
 */
#ifndef TH_NET_H
#define TH_NET_H

#define TH_INET 2
#define TH_INET6 10

/* Also the slot format of the argument buffer and of answers: 24 bytes, the last six zero. */
typedef struct Net { uint8_t family; uint8_t length; uint8_t bytes[16]; uint8_t zero[6]; } Net;

static Table *th_address_meta, *th_prefix_meta;

static void push_net(lua_State *L, const uint8_t *slot, Table *meta) {
  Net *n = lua_newuserdatauv(L, sizeof(Net), 0);
  memcpy(n, slot, sizeof(Net));
  uvalue(s2v(L->top.p - 1))->metatable = meta;
}

static Net *to_net(lua_State *L, int arg, Table *meta) {
  const TValue *o = index2value(L, arg);
  return ttisfulluserdata(o) && uvalue(o)->metatable == meta ? (Net *)getudatamem(uvalue(o)) : NULL;
}

static int format_ipv4(char *out, const uint8_t *b) {
  int n = 0;
  for (int i = 0; i < 4; i++) {
    if (i > 0) out[n++] = '.';
    n += th_integer_to_string(out + n, b[i]);
  }
  return n;
}

static int format_ipv6(char *out, const uint8_t *b) {
  static const char hex[] = "0123456789abcdef";
  static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  int n = 0;
  if (memcmp(b, mapped, 12) == 0) {
    memcpy(out, "::ffff:", 7);
    return 7 + format_ipv4(out + 7, b + 12);
  }
  int best = -1, best_len = 1;
  for (int i = 0; i < 8;) {
    int j = i;
    while (j < 8 && b[2 * j] == 0 && b[2 * j + 1] == 0) j++;
    if (j - i > best_len) { best = i; best_len = j - i; }
    i = j > i ? j : i + 1;
  }
  for (int i = 0; i < 8; i++) {
    if (i == best) {
      out[n++] = ':';
      out[n++] = ':';
      i += best_len - 1;
      continue;
    }
    if (n > 0 && out[n - 1] != ':') out[n++] = ':';
    unsigned v = (unsigned)b[2 * i] << 8 | b[2 * i + 1];
    int started = 0;
    for (int shift = 12; shift >= 0; shift -= 4) {
      unsigned d = (v >> shift) & 15;
      if (d != 0 || started || shift == 0) { out[n++] = hex[d]; started = 1; }
    }
  }
  return n;
}

static int format_net(char *out, const Net *n, int prefix) {
  int len = n->family == TH_INET ? format_ipv4(out, n->bytes) : format_ipv6(out, n->bytes);
  if (prefix) {
    out[len++] = '/';
    len += th_integer_to_string(out + len, n->length);
  }
  return len;
}

/* Dotted quad, no leading zeros; the end of what was read, or null. */
static const char *parse_ipv4(const char *s, uint8_t *out) {
  for (int i = 0; i < 4; i++) {
    if (i > 0 && *s++ != '.') return NULL;
    unsigned v = 0;
    int digits = 0;
    while (isdigit((unsigned char)*s)) {
      if (digits > 0 && v == 0) return NULL;
      v = v * 10 + (unsigned)(*s++ - '0');
      if (++digits > 3 || v > 255) return NULL;
    }
    if (digits == 0) return NULL;
    out[i] = (uint8_t)v;
  }
  return s;
}

static const char *parse_ipv6(const char *s, uint8_t *out) {
  uint8_t bytes[16] = {0};
  int at = 0, gap = -1;
  if (s[0] == ':' && s[1] == ':') { gap = 0; s += 2; }
  else if (s[0] == ':') return NULL;
  while (at < 16) {
    const char *group = s;
    unsigned v = 0;
    int digits = 0;
    while (isxdigit((unsigned char)*s) && digits < 5) {
      v = v << 4 | (unsigned)(isdigit((unsigned char)*s) ? *s - '0' : (*s | 32) - 'a' + 10);
      s++;
      digits++;
    }
    if (digits == 0) {
      if (gap == at) break; /* "::" at the end */
      return NULL;
    }
    if (*s == '.') {
      if (at > 12) return NULL;
      s = parse_ipv4(group, bytes + at);
      if (s == NULL) return NULL;
      at += 4;
      break;
    }
    if (digits > 4) return NULL;
    bytes[at++] = (uint8_t)(v >> 8);
    bytes[at++] = (uint8_t)v;
    if (*s != ':') break;
    if (s[1] == ':') {
      if (gap >= 0) return NULL;
      gap = at;
      s += 2;
      if (!isxdigit((unsigned char)*s)) break;
    }
    else if (at < 16) s++;
  }
  if (gap < 0 ? at != 16 : at == 16) return NULL;
  memset(out, 0, 16);
  int head = gap < 0 ? 16 : gap;
  memcpy(out, bytes, (size_t)head);
  if (gap >= 0) memcpy(out + 16 - (at - gap), bytes + gap, (size_t)(at - gap));
  return s;
}

/* Reads all of `s`; 1 if it is an address (or, where `prefix`, an address, '/' and a length). */
static int parse_net(const char *s, size_t len, int prefix, Net *out) {
  if (strlen(s) != len || len > 64) return 0;
  memset(out, 0, sizeof *out);
  const char *end = parse_ipv4(s, out->bytes);
  out->family = TH_INET;
  if (end == NULL) {
    memset(out->bytes, 0, 16);
    end = parse_ipv6(s, out->bytes);
    out->family = TH_INET6;
  }
  if (end == NULL) return 0;
  if (prefix) {
    unsigned length = 0, most = out->family == TH_INET ? 32 : 128;
    int digits = 0;
    if (*end++ != '/') return 0;
    while (isdigit((unsigned char)*end) && digits < 4) {
      length = length * 10 + (unsigned)(*end++ - '0');
      digits++;
    }
    if (digits == 0 || digits > 3 || length > most) return 0;
    out->length = (uint8_t)length;
  }
  return *end == '\0';
}

static int net_error(lua_State *L, int arg, const char *what, const char *example) {
  const char *text = lua_type(L, arg) == LUA_TSTRING ? lua_tostring(L, arg) : NULL;
  if (text != NULL) return luaL_error(L, "expected %s such as \"%s\", got \"%s\"", what, example, text);
  return luaL_error(L, "expected %s such as \"%s\", got %s", what, example, luaT_objtypename(L, index2value(L, arg)));
}

static int net_address(lua_State *L) {
  Net n;
  size_t len;
  luaL_checkany(L, 1);
  if (to_net(L, 1, th_address_meta) != NULL) { lua_settop(L, 1); return 1; }
  const char *s = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &len) : NULL;
  if (s == NULL || !parse_net(s, len, 0, &n)) return net_error(L, 1, "an address", "192.0.2.1");
  push_net(L, (uint8_t *)&n, th_address_meta);
  return 1;
}

static int net_prefix(lua_State *L) {
  Net n;
  size_t len;
  luaL_checkany(L, 1);
  if (to_net(L, 1, th_prefix_meta) != NULL) { lua_settop(L, 1); return 1; }
  const char *s = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &len) : NULL;
  if (s == NULL || !parse_net(s, len, 1, &n)) return net_error(L, 1, "a prefix", "192.0.2.0/24");
  push_net(L, (uint8_t *)&n, th_prefix_meta);
  return 1;
}

static Net *check_net(lua_State *L, int arg, int *prefix) {
  Net *n = to_net(L, arg, th_prefix_meta);
  *prefix = n != NULL;
  if (n == NULL) n = to_net(L, arg, th_address_meta);
  if (n == NULL) luaL_typeerror(L, arg, "address or prefix");
  return n;
}

static int net_tostring(lua_State *L) {
  char text[64];
  int prefix;
  const Net *n = check_net(L, 1, &prefix);
  lua_pushlstring(L, text, (size_t)format_net(text, n, prefix));
  return 1;
}

/* Orders by family, then bytes, then length; an address before a prefix of the same bytes. */
static int net_compare(lua_State *L) {
  int pa, pb;
  const Net *a = check_net(L, 1, &pa), *b = check_net(L, 2, &pb);
  int c = (int)a->family - (int)b->family;
  if (c == 0) c = memcmp(a->bytes, b->bytes, 16);
  if (c == 0) c = pa - pb;
  if (c == 0 && pa) c = (int)a->length - (int)b->length;
  return c;
}

static int net_eq(lua_State *L) {
  int same = (to_net(L, 1, th_prefix_meta) != NULL) == (to_net(L, 2, th_prefix_meta) != NULL) &&
             (to_net(L, 1, th_address_meta) != NULL) == (to_net(L, 2, th_address_meta) != NULL);
  lua_pushboolean(L, same && net_compare(L) == 0);
  return 1;
}
static int net_lt(lua_State *L) { lua_pushboolean(L, net_compare(L) < 0); return 1; }
static int net_le(lua_State *L) { lua_pushboolean(L, net_compare(L) <= 0); return 1; }

static int net_readonly(lua_State *L) {
  return luaL_error(L, "addresses and prefixes cannot be changed; make another one with net.address or net.prefix");
}

static int net_contains(lua_State *L) {
  const Net *outer = to_net(L, 1, th_prefix_meta);
  if (outer == NULL) luaL_typeerror(L, 1, "prefix");
  Net parsed;
  const Net *inner = to_net(L, 2, th_prefix_meta);
  int is_prefix = inner != NULL;
  if (inner == NULL) inner = to_net(L, 2, th_address_meta);
  if (inner == NULL && lua_type(L, 2) == LUA_TSTRING) {
    size_t len;
    const char *s = lua_tolstring(L, 2, &len);
    if (parse_net(s, len, 0, &parsed)) inner = &parsed;
    else if (parse_net(s, len, 1, &parsed)) { inner = &parsed; is_prefix = 1; }
  }
  if (inner == NULL) luaL_typeerror(L, 2, "address or prefix");
  unsigned bits = is_prefix ? inner->length : inner->family == TH_INET ? 32u : 128u;
  int yes = inner->family == outer->family && bits >= outer->length;
  unsigned whole = outer->length / 8, rest = outer->length % 8;
  if (yes) yes = memcmp(outer->bytes, inner->bytes, whole) == 0;
  if (yes && rest != 0) yes = ((outer->bytes[whole] ^ inner->bytes[whole]) & (0xff00u >> rest) & 0xffu) == 0;
  lua_pushboolean(L, yes);
  return 1;
}

static void push_net_string(lua_State *L, const Net *n, int prefix) {
  char text[64];
  lua_pushlstring(L, text, (size_t)format_net(text, n, prefix));
}

/* The fields' names are interned and kept, so that a key is recognised by its address. */
enum { N_STRING, N_FAMILY, N_VALUE, N_LENGTH, N_NETWORK, N_CONTAINS, N_ADDRESS, N_NAMES };
static TString *th_net_names[N_NAMES];

static int net_name(lua_State *L, int arg) {
  const TValue *key = index2value(L, arg);
  int i = 0;
  while (i < N_NAMES && !(ttisshrstring(key) && tsvalue(key) == th_net_names[i])) i++;
  return i;
}

static int address_index(lua_State *L) {
  const Net *n = to_net(L, 1, th_address_meta);
  if (n == NULL) luaL_typeerror(L, 1, "address");
  switch (net_name(L, 2)) {
    case N_STRING: push_net_string(L, n, 0); return 1;
    case N_FAMILY: lua_pushinteger(L, n->family); return 1;
    case N_VALUE:
      if (n->family == TH_INET) lua_pushinteger(L, (lua_Integer)get_u32(n->bytes));
      else lua_pushnil(L);
      return 1;
    default:
      return luaL_error(L, "no field '%s' in an address (it has family, string, value)", luaL_checkstring(L, 2));
  }
}

static int prefix_index(lua_State *L) {
  const Net *n = to_net(L, 1, th_prefix_meta);
  if (n == NULL) luaL_typeerror(L, 1, "prefix");
  switch (net_name(L, 2)) {
    case N_LENGTH: lua_pushinteger(L, n->length); return 1;
    case N_FAMILY: lua_pushinteger(L, n->family); return 1;
    case N_NETWORK: push_net_string(L, n, 1); return 1;
    case N_CONTAINS: lua_pushcfunction(L, net_contains); return 1;
    case N_ADDRESS: push_net(L, (const uint8_t *)n, th_address_meta); return 1;
    default:
      return luaL_error(L, "no field '%s' in a prefix (it has address, contains, family, length, network)",
                        luaL_checkstring(L, 2));
  }
}

/* pairs() gives the fields that a script would have found in FRR's table. */
static int net_next(lua_State *L) {
  static const char *const address_keys[] = {"string", "value", NULL};
  static const char *const prefix_keys[] = {"network", "length", "family", NULL};
  int prefix;
  const Net *n = check_net(L, 1, &prefix);
  const char *const *keys = prefix ? prefix_keys : address_keys;
  int i = 0;
  if (!lua_isnoneornil(L, 2)) {
    const char *last = luaL_checkstring(L, 2);
    while (keys[i] != NULL && strcmp(keys[i], last) != 0) i++;
    if (keys[i] == NULL) return luaL_error(L, "invalid key to 'next'");
    i++;
  }
  if (!prefix && keys[i] != NULL && strcmp(keys[i], "value") == 0 && n->family != TH_INET) i++;
  if (keys[i] == NULL) { lua_pushnil(L); return 1; }
  lua_pushstring(L, keys[i]);
  lua_pushvalue(L, -1);
  lua_gettable(L, 1);
  return 2;
}

static int net_pairs(lua_State *L) {
  lua_pushcfunction(L, net_next);
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}

static Table *net_metatable(lua_State *L, const char *name, lua_CFunction index) {
  luaL_Reg methods[] = {
    {"__index", index}, {"__newindex", net_readonly}, {"__eq", net_eq}, {"__lt", net_lt}, {"__le", net_le},
    {"__tostring", net_tostring}, {"__pairs", net_pairs}, {NULL, NULL},
  };
  lua_createtable(L, 0, 9);
  luaL_setfuncs(L, methods, 0);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  Table *meta = hvalue(s2v(L->top.p - 1));
  luaL_ref(L, LUA_REGISTRYINDEX);
  return meta;
}

static void open_net(lua_State *L) {
  static const char *const names[N_NAMES] = {"string", "family", "value", "length", "network", "contains", "address"};
  for (int i = 0; i < N_NAMES; i++) {
    lua_pushstring(L, names[i]);
    th_net_names[i] = tsvalue(s2v(L->top.p - 1));
    luaL_ref(L, LUA_REGISTRYINDEX);
  }
  th_address_meta = net_metatable(L, "address", address_index);
  th_prefix_meta = net_metatable(L, "prefix", prefix_index);
  lua_createtable(L, 0, 2);
  lua_pushcfunction(L, net_address);
  lua_setfield(L, -2, "address");
  lua_pushcfunction(L, net_prefix);
  lua_setfield(L, -2, "prefix");
  lua_setglobal(L, "net");
}

#endif
