#!/bin/sh
# rustdoc with its unstable options, which the stable toolchain's has with this variable (`make api`). Set for cargo as a
# whole, it would make build scripts that ask for it run again, and all that depends on them be compiled again.
RUSTC_BOOTSTRAP=1 exec rustdoc "$@"
