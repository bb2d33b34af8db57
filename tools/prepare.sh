# Sourced by ./run and ./test: installs what is missing, configures and builds.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# install_packages build|test...: installs the Debian packages of those kinds that are missing.
install_packages() {
  local kinds=" $* " kind package missing=()
  while read -r kind package; do
    case "$kind" in '' | '#'*) continue ;; esac
    [[ $kinds == *" $kind "* ]] || continue
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
  done <"$root/tools/packages.txt"
  ((${#missing[@]})) || return 0
  echo "Installing Debian packages: ${missing[*]}" >&2
  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null || {
      echo "These packages are missing and sudo is not here: install them as root, then run this again." >&2
      return 3
    }
    as_root=(sudo)
  fi
  # Another program, such as unattended-upgrades, may hold the lock for a while.
  local wait=(-o DPkg::Lock::Timeout=600)
  "${as_root[@]}" apt-get "${wait[@]}" update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${wait[@]}" install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# build_preset NAME [TARGET...]: configures the preset where needed and builds the targets. Its output is
# shown on failure, and while it runs in a terminal or in CI.
build_preset() {
  local preset=$1 log="$root/build/$1.log"
  shift
  mkdir -p "$root/build"
  local targets=()
  (($#)) && targets=(--target "$@")
  [[ -f $root/build/$preset/build.ninja ]] || echo "Building Safelight ($preset); the first time takes some minutes." >&2
  if ! (cd "$root" && cmake --preset "$preset" && cmake --build --preset "$preset" "${targets[@]}") >"$log" 2>&1; then
    grep -E -A20 'error:|^FAILED|^CMake Error|undefined reference' "$log" | head -n 80 >&2 || true
    echo "The build failed; all of its output is in build/$preset.log" >&2
    return 3
  fi
}

# install_node: installs Debian's Node and npm where there is none.
install_node() {
  command -v node >/dev/null && command -v npm >/dev/null && return 0
  local as_root=()
  ((EUID == 0)) || as_root=(sudo)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends nodejs npm >/dev/null
}

# build_app: builds the review app into web/dist where something of it is newer. It needs npm's packages, which are
# fetched the first time.
build_app() {
  local web="$root/web" log="$root/build/web.log" built="$root/web/dist/index.html"
  if [[ -f $built ]] && [[ -z $(find "$web"/{src,index.html,package-lock.json,tsconfig.json,vite.config.mjs} -newer "$built" -print -quit) ]]; then
    return 0
  fi
  install_node
  mkdir -p "$root/build"
  echo "Building the review app." >&2
  if ! (cd "$web" && { [[ node_modules/.package-lock.json -nt package-lock.json ]] || npm ci --ignore-scripts --no-audit --no-fund; } && npm run build) >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "The review app could not be built; all of the output is in build/web.log" >&2
    return 3
  fi
}
