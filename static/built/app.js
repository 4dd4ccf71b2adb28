// Made of the modules in js: go test ./static -update
(()=>{var q={t:"/",q:"/quizzes/new",c:"/cards",p:"/progress"},S=-1/0,h=e=>document.querySelector(e);function u(e){let t=h(e);return t?.
click(),!!t}function O(e){return e.isContentEditable||e.matches("textarea, select, input:not([type=radio], [type=checkbo\
x])")}function v(e){return e.matches("a, button, summary, input, [tabindex='0']")}function X(e){let t=document.querySelectorAll(
".js-answer [name=choice]"),n=e>="1"&&e<="9"?Number(e)-1:e.length===1&&e>="a"&&e<="f"?e.charCodeAt(0)-97:-1,r=t[n];return r?.
focus(),r?.click(),!!r}function K(e){return e.matches("[name=choice]")?u(".js-submit"):v(e)?!1:u(".js-next")||u(".js-rev\
eal")||u(".js-submit")}function F(e){let{key:t,target:n}=e;if(t==="Enter")return K(n);if(t===" ")return!v(n)&&(u(".js-re\
veal")||u("[data-rating=good]"));if(t==="?")return x(),!0;if(t==="/")return k();let r=t.toLowerCase();return performance.
now()-S<1200&&(S=-1/0,q[r])?(location.href=document.documentElement.dataset.base+q[r],!0):r==="g"?(S=performance.now(),!0):
u(`.js-rating[data-key="${CSS.escape(t)}"]`)?!0:r==="s"?u(".js-skip"):r==="u"?u(".js-undo"):r==="m"?u(".js-mark"):r==="n"?
R():X(r)}function k(){let e=h(".js-search");return e?e.select():location.href=`${document.documentElement.dataset.base}/\
questions#field-q`,!0}function R(){let e=h("#field-note");return e?(e.closest("details").open=!0,e.focus(),!0):!1}function x(){
let e=h("#keys");e.open||e.showModal()}function C(){if(document.documentElement.dataset.keys!=="off"){for(let e of document.
querySelectorAll(".js-keys-open"))e.hidden=!1,e.addEventListener("click",x);document.documentElement.dataset.keys="on",location.
hash==="#field-q"&&k(),document.addEventListener("keydown",e=>{if(!(e.defaultPrevented||e.repeat||e.isComposing)){if((e.
ctrlKey||e.metaKey)&&e.key==="Enter"&&e.target.form?.matches(".js-answer")&&u(".js-run")){e.preventDefault();return}e.ctrlKey||
e.metaKey||e.altKey||h("dialog[open]")||O(e.target)||F(e)&&e.preventDefault()}})}}var V=JSON.parse(document.documentElement.dataset.words??"{}");function s(e,...t){return(V[e]??e).replace(/\{(\d)\}/g,(n,r)=>t[r-
1])}var j=()=>Intl.DateTimeFormat().resolvedOptions().timeZone??"";function Y(){document.addEventListener("formdata",e=>{let t=e.
target.querySelector(".js-zone");t&&!t.value&&e.formData.set(t.name,j())})}function U(){let e=document.querySelector("#f\
ield-zone"),t=document.querySelector(".js-zone-offer"),n=e&&t&&j();!n||e.value===n||(t.querySelector("span").textContent=
n,t.hidden=!1,t.querySelector("button").addEventListener("click",()=>{e.value=n,t.hidden=!0,e.focus()}))}function Z(){let e="\
ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";return Array.from(crypto.getRandomValues(new Uint8Array(26)),t=>e[t%32]).join("")}function H(){
document.addEventListener("submit",e=>{let t=e.target;!t.matches(".js-once")||e.submitter?.formMethod==="get"||(t.ariaBusy===
"true"&&e.preventDefault(),t.ariaBusy="true")}),addEventListener("pageshow",e=>{for(let t of document.querySelectorAll("\
.js-once"))t.ariaBusy=null;if(e.persisted)for(let t of document.querySelectorAll('input[name="once"]'))t.value=Z()})}function J(e){
let t=e.querySelector("ol"),n=()=>[...t.querySelectorAll("select")];if(n().some(a=>!a.value))return;let r=()=>t.append(...n().
sort((a,c)=>a.value-c.value).map(a=>a.closest("li"))),o=()=>n().forEach((a,c)=>a.value=c+1),l=e.appendChild(document.createElement(
"p"));l.className="u-hidden",l.role="status";let d=(a,c,g)=>{let m=[...t.children],i=m.indexOf(a)+c;i<0||i>=m.length||(c<
0?m[i].before(a):m[i].after(a),o(),g.focus(),l.textContent=s("Place {1} of {2}",i+1,m.length))};for(let a of t.children){
let c=a.querySelector("select"),g=a.querySelector(".Row-text"),m=a.appendChild(document.createElement("span"));m.className=
"Row-moves";for(let[i,P,z]of[["\u2191",s("Move up"),-1],["\u2193",s("Move down"),1]]){let p=m.appendChild(document.createElement(
"button"));p.type="button",p.textContent=i,p.ariaLabel=`${P}: ${g.textContent.trim()}`,p.addEventListener("click",()=>d(
a,z,p))}c.addEventListener("change",()=>{let i=[...t.children];i.splice(i.indexOf(a),1),i.splice(c.value-1,0,a),t.append(
...i),o(),c.focus()})}r()}function Q(){let e=document.querySelector("[name=limit][value=custom]");document.querySelector(
"#field-minutes")?.addEventListener("input",()=>{e&&(e.checked=!0)})}function G(e){let t=e.querySelector("[name=on]"),n=e.
querySelector(".js-mark");e.addEventListener("submit",async r=>{if(r.preventDefault(),e.ariaBusy!=="true")try{let o=await fetch(
e.action,{method:"POST",body:new URLSearchParams(new FormData(e)),redirect:"manual"});if(o.type!=="opaqueredirect")throw new Error(
o.status);n.ariaPressed=String(t.value==="yes"),t.value=t.value==="yes"?"no":"yes",e.ariaBusy=null}catch{e.submit()}})}function L(){
Y(),U(),H(),Q();for(let e of document.querySelectorAll(".js-bookmark"))G(e);for(let e of document.querySelectorAll(".js-\
order"))J(e)}function A(e,t){let n=document.createElement("button");return n.type="button",n.textContent=e,n.addEventListener("click",
()=>t(n)),n}function _(e){let t=A(s("Wrap"),()=>{let n=e.toggleAttribute("data-wrap");t.ariaPressed=String(n)});return t.
ariaPressed="false",t}function ee(e){return A(s("Copy"),async t=>{try{await navigator.clipboard.writeText(e.textContent.
replace(/\n$/,"")),t.textContent=s("Copied")}catch{t.textContent=s("Select and copy by hand")}setTimeout(()=>t.textContent=
s("Copy"),1600)})}function w(e=document){for(let t of e.querySelectorAll("div.Code")){let n=t.querySelector("pre");if(!n||
t.closest("label"))continue;let r=document.createElement("span");r.className="Code-tools",n.scrollWidth>n.clientWidth&&r.
append(_(n)),navigator.clipboard&&r.append(ee(n)),r.childElementCount&&t.insertBefore(r,n)}}function te(e,t){for(let n=e;n&&n!==t;n=n.parentElement)if(n.scrollWidth>n.clientWidth&&getComputedStyle(n).overflowX!==
"visible")return!0;return!1}function M(e,t){return Math.abs(e)<90||Math.abs(e)<2*Math.abs(t)?null:document.querySelector(
`[data-rating=${e<0?"again":"good"}]`)}function D(){let e=document.querySelector(".js-swipe"),t=document.querySelector("\
.js-swipe-hint");if(!e||!t||!matchMedia("(pointer: coarse)").matches)return;t.hidden=!1,e.dataset.swipe="";let n=null,r=()=>{
n=null,e.dataset.swipe=""};e.addEventListener("pointerdown",o=>{let l=o.clientX<24||o.clientX>innerWidth-24,d=o.target.closest(
"a, button, summary, input")||te(o.target,e);n=o.pointerType==="touch"&&o.isPrimary&&!l&&!d?o:null}),e.addEventListener(
"pointermove",o=>{!n||o.pointerId!==n.pointerId||(e.dataset.swipe=M(o.clientX-n.clientX,o.clientY-n.clientY)?.value??"")}),
e.addEventListener("pointerup",o=>{if(!n||o.pointerId!==n.pointerId)return;let l=M(o.clientX-n.clientX,o.clientY-n.clientY);
r(),l?.click()}),e.addEventListener("pointercancel",r)}var ne=[600,300,60,10];function re(e){let t=o=>String(o).padStart(2,"0"),n=Math.floor(e/3600),r=Math.floor(e%3600/60);return(n?
`${n}:${t(r)}`:String(r))+`:${t(e%60)}`}function oe(e){return e<60?s("{1} seconds left",e):e===60?s("1 minute left"):s("\
{1} minutes left",e/60)}var ae=2500;function se(){let e=document.querySelector(".js-answer");return e&&[...new FormData(
e)].some(([n,r])=>/^(choice|text|pair-|blank-)/.test(n)&&r)?(e.noValidate=!0,e.requestSubmit(e.querySelector(".js-submit")),
!0):!1}function ce(e,t){e<1e3&&se()||setTimeout(()=>location.assign(t),Math.max(0,ae-e))}function B(){let e=document.querySelector(
".js-timer");if(!e)return;let t=e.dataset.now-Date.now(),n=e.parentElement.appendChild(document.createElement("span"));n.
className="u-hidden",n.role="status";let r=1/0,o=()=>{let d=Math.max(0,Math.ceil((e.dataset.deadline-Date.now()-t)/1e3));
e.hidden||(e.textContent=re(d),e.parentElement.toggleAttribute("data-soon",d<=60));let a=!e.hidden&&ne.find(c=>d<=c&&r>c&&
r!==1/0);a&&(n.textContent=oe(a)),r=d,!(d>0)&&(clearInterval(l),ce(Date.now()+t-e.dataset.deadline,e.dataset.result))},l=setInterval(
o,1e3);o()}var ie=matchMedia("(prefers-reduced-motion: reduce)");function ue(e){for(let[t,n]of[["h2","h3"],["h1","h2"]])for(let r of e.
querySelectorAll(t)){let o=document.createElement(n);o.className=r.className,o.append(...r.childNodes),r.replaceWith(o)}}
async function le(e,t){let n=await fetch(e.action,{method:"POST",body:new URLSearchParams(new FormData(e,t))});if(!n.ok||
!n.redirected)throw new Error(`status ${n.status}`);let r=new DOMParser().parseFromString(await n.text(),"text/html");if(!r.
querySelector("main > .Banner"))throw new Error("no verdict");return{page:r,address:n.url}}function de(e,{page:t,address:n}){
let r=document.createElement("section");r.className="Try",r.append(...t.querySelectorAll("main > :is(.Banner, .Callout, \
.Question)")),ue(r),history.replaceState({here:!0},""),history.pushState({here:!0},"",n),document.title=t.title,e.replaceWith(
r),w(r);let o=r.querySelector("#verdict");o.tabIndex=-1,o.focus({preventScroll:!0}),o.closest(".Banner").scrollIntoView(
{block:"nearest",behavior:ie.matches?"instant":"smooth"})}function I(){addEventListener("popstate",n=>{n.state?.here&&location.
reload()});let e=document.querySelector(".Try"),t=e?.querySelector(".js-answer");t?.addEventListener("submit",async n=>{
if(n.preventDefault(),t.ariaBusy!=="true")try{de(e,await le(t,n.submitter))}catch{t.submit()}})}var{worker:T,base:fe,owner:N=""}=document.documentElement.dataset;function b(e){let t=document.createElement("p");return t.
className="Waiting",t.append(e),t}function me({id:e,title:t,why:n}){let r=b(`${s("A grade of \u201C{1}\u201D was not taken.",
t)} ${n}`),o=document.createElement("button");return o.type="button",o.className="Button",o.dataset.size="small",o.textContent=
s("Dismiss"),o.addEventListener("click",()=>navigator.serviceWorker.controller?.postMessage({dismissed:[e]})),r.append(o),
r}var pe=3e3,y,W;function he({waiting:e,refused:t}){y||(y=document.createElement("div"),y.role="status",document.querySelector(
".Header").append(y));let n=t.map(me);e===1&&n.unshift(b(s("1 grade is not sent yet."))),e>1&&n.unshift(b(s("{1} grades \
are not sent yet.",e))),y.replaceChildren(...n),clearTimeout(W),e&&navigator.onLine&&(W=setTimeout(E,pe))}async function E(){
let e=document.querySelector(".Menu [aria-current]")?.pathname===`${fe}/cards`;(await navigator.serviceWorker.ready).active.
postMessage({owner:N,cards:e})}function $(){let e=navigator.serviceWorker;!T||!e||(e.addEventListener("message",t=>he(t.
data)),N&&e.register(T,{updateViaCache:"none"}).catch(()=>{}),E(),addEventListener("online",E))}L();w();B();I();D();C();$();var f=document.querySelector(".js-menu");document.addEventListener("click",e=>{f?.open&&!f.contains(
e.target)&&(f.open=!1)});f?.addEventListener("keydown",e=>{e.key==="Escape"&&(f.open=!1,f.firstElementChild.focus())});f?.
addEventListener("focusout",e=>{e.relatedTarget&&!f.contains(e.relatedTarget)&&(f.open=!1)});for(let e of document.querySelectorAll(
".js-print"))e.hidden=!1,e.addEventListener("click",()=>print());})();
