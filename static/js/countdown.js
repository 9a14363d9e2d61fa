// Counts down what is left for undoing; when it is over, the way to it goes.
// The page says until when in words; the seconds are the server's, whatever this clock shows.

for (const offer of document.querySelectorAll("[data-seconds-left]")) {
  const end = performance.now() + Number(offer.dataset.secondsLeft) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    show(offer, left);
    if (left) setTimeout(tick, 1000);
  };
  tick();
}

function show(offer, left) {
  const minutes = Math.floor(left / 60);
  offer.querySelector("[role=timer]").textContent =
    `${minutes}:${String(left % 60).padStart(2, "0")}`;
  offer.querySelector("[data-left]").hidden = !left;
  offer.querySelector("[data-over]").hidden = left > 0;
  for (const way of offer.querySelectorAll("[data-until-over]")) way.hidden = !left;
}
