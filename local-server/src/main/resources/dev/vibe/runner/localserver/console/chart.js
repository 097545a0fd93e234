// Messages a second, and sessions that have not begun.
import { $ } from '/page.js';

const rates = new Array(60).fill([0, 0]);

/** A second is over. */
export function drawChart(messages, pending) {
  rates.push([messages, pending]);
  rates.shift();
  $('rate').textContent = `${messages} msg/s · ${pending} pending`;
  const canvas = $('chart');
  const pen = canvas.getContext('2d');
  pen.clearRect(0, 0, canvas.width, canvas.height);
  [['#2563eb', 0], ['#c62828', 1]].forEach(([colour, which]) => {
    const most = Math.max(1, ...rates.map((pair) => pair[which]));
    pen.strokeStyle = colour;
    pen.beginPath();
    rates.forEach((pair, i) => pen.lineTo((i * canvas.width) / 59, canvas.height - 2 - (pair[which] / most) * (canvas.height - 4)));
    pen.stroke();
  });
}
