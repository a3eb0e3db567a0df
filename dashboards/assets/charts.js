// Each picture is complete as it stands. With scripts, it is drawn again in place from the same specification, so
// that a pointer on a mark shows its numbers. If anything fails the picture stays.
(function () {
  "use strict";
  var phone = window.matchMedia("(max-width: 47rem)");

  // What differs between the wide and the narrow chart: a JSON merge patch (RFC 7396), lists patched by position.
  function merged(target, patch) {
    if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
    var plain = target && typeof target === "object" ? target : {};
    var result = Array.isArray(plain) ? plain.slice() : Object.assign({}, plain);
    Object.keys(patch).forEach(function (key) {
      if (patch[key] === null) delete result[key];
      else result[key] = merged(result[key], patch[key]);
    });
    return result;
  }

  function draw(source) {
    var chart = JSON.parse(source.textContent);
    var place = document.getElementById(source.dataset.chart);
    var spec = phone.matches ? merged(chart.spec, chart.narrow) : chart.spec;
    var fresh = document.createElement("div");
    return vegaEmbed(fresh, spec, {
      ast: true, actions: false, renderer: "svg", defaultStyle: false, tooltip: { disableDefaultStyle: true }
    }).then(function () {
      place.replaceChildren(fresh);
      source.dataset.done = "drawn";
    }).catch(function (error) {
      source.dataset.done = "kept";
      console.error(error);
    });
  }

  function all() {
    Promise.all(Array.prototype.map.call(document.querySelectorAll("script[data-chart]"), draw)).then(function () {
      document.documentElement.dataset.charts = "done";
    });
  }

  // Words are measured before they are placed, so the font comes first.
  Promise.all([document.fonts.load('13px "Public Sans"'), document.fonts.load('700 13px "Public Sans"')]).then(all, all);
  phone.addEventListener("change", all);
})();
