// A 3:4 frame over the chosen picture, moved by finger, mouse or keys; the server cuts. Without this script it cuts the middle.
(() => {
  const form = document.querySelector("form[data-crop]");
  if (!form) return;
  const file = form.querySelector("input[type=file]");
  const tool = form.querySelector(".cropper");
  const picture = form.querySelector("[data-crop-picture]");
  const frame = form.querySelector("[data-crop-frame]");
  const size = form.querySelector("[data-crop-size]");
  const names = ["crop_left", "crop_top", "crop_width", "crop_height"];
  const hidden = names.map((name) => {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.disabled = true;
    form.append(input);
    return input;
  });
  let width = 1, height = 1, left = 0, top = 0, wide = 1, tall = 1;

  const clamp = (value, most) => Math.min(Math.max(value, 0), Math.max(most, 0));
  const show = () => {
    left = clamp(left, 1 - wide);
    top = clamp(top, 1 - tall);
    frame.style.left = `${left * 100}%`;
    frame.style.top = `${top * 100}%`;
    frame.style.width = `${wide * 100}%`;
    frame.style.height = `${tall * 100}%`;
    [left, top, wide, tall].forEach((share, place) => {
      hidden[place].value = Math.min(share, 1).toFixed(5);
      hidden[place].disabled = false;
    });
  };
  const resize = () => {
    const share = Number(size.value) / 100;
    const across = Math.min(width, height * 0.75) * share;
    const centre = [left + wide / 2, top + tall / 2];
    wide = across / width;
    tall = across / 0.75 / height;
    left = centre[0] - wide / 2;
    top = centre[1] - tall / 2;
    show();
  };
  file.addEventListener("change", () => {
    hidden.forEach((input) => { input.disabled = true; });
    tool.hidden = true;
    const chosen = file.files[0];
    if (!chosen) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => { picture.src = reader.result; });
    reader.readAsDataURL(chosen);
  });
  picture.addEventListener("load", () => {
    width = picture.naturalWidth;
    height = picture.naturalHeight;
    wide = Math.min(width, height * 0.75) / width;
    tall = Math.min(height, width / 0.75) / height;
    left = (1 - wide) / 2;
    top = (1 - tall) * 0.3;
    size.value = 100;
    tool.hidden = false;
    show();
  });
  size.addEventListener("input", resize);
  frame.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 0.05 : 0.01;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (event.key === "+" || event.key === "=" || event.key === "-") {
      size.value = Number(size.value) + (event.key === "-" ? -2 : 2);
      resize();
    } else if (moves[event.key]) {
      left += moves[event.key][0];
      top += moves[event.key][1];
      show();
    } else return;
    event.preventDefault();
  });
  let from = null;
  frame.addEventListener("pointerdown", (event) => {
    from = { x: event.clientX, y: event.clientY, left, top };
    frame.setPointerCapture(event.pointerId);
    event.preventDefault();
    frame.focus();
  });
  frame.addEventListener("pointermove", (event) => {
    if (!from) return;
    left = from.left + (event.clientX - from.x) / picture.clientWidth;
    top = from.top + (event.clientY - from.y) / picture.clientHeight;
    show();
  });
  const drop = () => { from = null; };
  frame.addEventListener("pointerup", drop);
  frame.addEventListener("pointercancel", drop);
})();
