#!/bin/sh
# Our side of the comparison with other systems on the same work: functions for an adapter that is sourced.
# DIR is the folder of one case: model.json and templates/ come in, root/ is kept, everything of ours lies in in/.
FORM=none
PROJECT=$(cd "$(dirname "$OURS")/../.." && pwd)

version() { echo "reconcile $(node "$PROJECT/dist/reconcile.js" --version) on node $(node --version)"; }

commit() {
  node "$PROJECT/bench/peers/fleet.mjs" "$DIR" || exit 1
  cd "$DIR/in/fleet" || exit 1
  export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
  git add --all
  git -c user.name=bench -c user.email=bench@localhost commit --quiet --message "$1" || exit 1
  git push --quiet "$DIR/in/fleet.git" HEAD:main || exit 1
}

setup() {
  mkdir -p "$DIR/in/fleet"
  git init --quiet --bare --initial-branch=main "$DIR/in/fleet.git"
  git init --quiet --initial-branch=main "$DIR/in/fleet"
  cat > "$DIR/in/config.yaml" <<END
host: bench
remotes: {mothership: {url: fleet.git}}
trust: none
root: ../root
state: state
control: control.sock
END
  commit "the model"
}

publish() { commit "one value changed"; }

# A first apply knows nothing yet: no mirror, no memory. Set aside, because removing would slow what is made next.
apply() {
  if [ "$1" = first ] && [ -d "$DIR/in/state" ]; then mkdir -p "$DIR/in/old" && mv "$DIR/in/state" "$DIR/in/old/state-$$"; fi
  exec node "$PROJECT/dist/reconcile.js" --now --config "$DIR/in/config.yaml"
}

daemon() { exec node "$PROJECT/dist/reconcile.js" daemon --config "$DIR/in/config.yaml"; }

# Plain data: SRC is a folder on this machine, DIR/root is to be equal to it. An item lies deeper than a folder of the root,
# so the folder above DIR is managed; what is ours lies beside that.
dsetup() {
  own_folder
  rm -rf "$OWN" && mkdir -p "$OWN" "$DIR/in/fleet/schools"
  git init --quiet --bare --initial-branch=main "$DIR/in/fleet.git"
  cd "$DIR/in/fleet" || exit 1
  export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
  git init --quiet --initial-branch=main .
  echo "description: the data of the peers" > fleet.yaml
  echo "data: {/${DIR##*/}/root: {path: $SRC}}" > schools/bench.yaml
  git add --all
  git -c user.name=bench -c user.email=bench@localhost commit --quiet --message "the data" || exit 1
  git push --quiet "$DIR/in/fleet.git" HEAD:main || exit 1
  cat > "$OWN/config.yaml" <<END
host: bench
remotes: {mothership: {url: $DIR/in/fleet.git}}
trust: none
root: ${DIR%/*}
state: state
control: control.sock
END
}

data() {
  own_folder
  if [ "$1" = dfirst ] && [ -d "$OWN/state" ]; then mv "$OWN/state" "$OWN/state-$$"; fi
  exec node "$PROJECT/dist/reconcile.js" --now --config "$OWN/config.yaml"
}

own_folder() { OWN=${DIR%/*}-of-ours; }
