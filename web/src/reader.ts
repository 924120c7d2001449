/** In a source, pointing at a span lights up its facts, and the other way round. */

export function reader(): void {
  const marks = [...document.querySelectorAll<HTMLElement>("mark[data-passages]")];
  if (!marks.length) return;

  const light = (names: string[]): void => {
    for (const mark of marks) mark.classList.toggle("hot", names.some((name) => passagesOf(mark).includes(name)));
    for (const entry of document.querySelectorAll(".passages > li"))
      entry.classList.toggle("hot", names.includes(entry.id.replace("facts-", "")));
  };

  for (const mark of marks) {
    mark.addEventListener("mouseenter", () => light(passagesOf(mark)));
    mark.addEventListener("mouseleave", () => light([]));
    mark.addEventListener("click", () => follow(passagesOf(mark)[0]));
  }
  for (const entry of document.querySelectorAll<HTMLElement>(".passages > li")) {
    entry.addEventListener("mouseenter", () => light([entry.id.replace("facts-", "")]));
    entry.addEventListener("mouseleave", () => light([]));
  }
}

/** Bring the facts of a passage into view, without moving the text. */
function follow(name: string | undefined): void {
  document.getElementById(`facts-${name}`)?.scrollIntoView({ block: "nearest" });
}

function passagesOf(mark: HTMLElement): string[] {
  return (mark.dataset.passages ?? "").split(" ");
}
