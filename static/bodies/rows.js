// Adds a row in place; without scripts the same button asks the server for one more.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add]");
  if (!button) return;
  const section = button.closest("[data-rows]");
  const total = section.querySelector(`[name="${section.dataset.rows}-TOTAL_FORMS"]`);
  const count = Number(total.value);
  if (count >= Number(section.dataset.most)) return;
  event.preventDefault();
  const holder = document.createElement("div");
  holder.innerHTML = section.querySelector("template").innerHTML.replaceAll("__prefix__", String(count));
  const row = holder.firstElementChild;
  section.querySelector("[data-list]").append(row);
  total.value = String(count + 1);
  const first = row.querySelector("select, input");
  if (first) first.focus();
});
