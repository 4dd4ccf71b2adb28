// Made of the modules in js: go test ./static -update
(()=>{var E={t:"/",q:"/quizzes/new",c:"/cards",p:"/progress"},S=-1/0,h=e=>document.querySelector(e);function u(e){let t=h(e);return t?.
click(),!!t}function T(e){return e.isContentEditable||e.matches("textarea, select, input:not([type=radio], [type=checkbo\
x])")}function q(e){return e.matches("a, button, summary, input, [tabindex='0']")}function z(e){let t=document.querySelectorAll(
".js-answer [name=choice]"),n=e>="1"&&e<="9"?Number(e)-1:e.length===1&&e>="a"&&e<="f"?e.charCodeAt(0)-97:-1,r=t[n];return r?.
focus(),r?.click(),!!r}function O(e){return e.matches("[name=choice]")?u(".js-submit"):q(e)?!1:u(".js-next")||u(".js-rev\
eal")||u(".js-submit")}function X(e){let{key:t,target:n}=e;if(t==="Enter")return O(n);if(t===" ")return!q(n)&&(u(".js-re\
veal")||u("[data-rating=good]"));if(t==="?")return k(),!0;if(t==="/")return v();let r=t.toLowerCase();return performance.
now()-S<1200&&(S=-1/0,E[r])?(location.href=document.documentElement.dataset.base+E[r],!0):r==="g"?(S=performance.now(),!0):
u(`.js-rating[data-key="${CSS.escape(t)}"]`)?!0:r==="s"?u(".js-skip"):r==="u"?u(".js-undo"):r==="m"?u(".js-mark"):r==="n"?
K():z(r)}function v(){let e=h(".js-search");return e?e.select():location.href=`${document.documentElement.dataset.base}/\
questions#field-q`,!0}function K(){let e=h("#field-note");return e?(e.closest("details").open=!0,e.focus(),!0):!1}function k(){
let e=h("#keys");e.open||e.showModal()}function x(){if(document.documentElement.dataset.keys!=="off"){for(let e of document.
querySelectorAll(".js-keys-open"))e.hidden=!1,e.addEventListener("click",k);document.documentElement.dataset.keys="on",location.
hash==="#field-q"&&v(),document.addEventListener("keydown",e=>{if(!(e.defaultPrevented||e.repeat||e.isComposing)){if((e.
ctrlKey||e.metaKey)&&e.key==="Enter"&&e.target.form?.matches(".js-answer")&&u(".js-run")){e.preventDefault();return}e.ctrlKey||
e.metaKey||e.altKey||h("dialog[open]")||T(e.target)||X(e)&&e.preventDefault()}})}}var F=JSON.parse(document.documentElement.dataset.words??"{}");function s(e,...t){return(F[e]??e).replace(/\{(\d)\}/g,(n,r)=>t[r-
1])}var C=()=>Intl.DateTimeFormat().resolvedOptions().timeZone??"";function R(){document.addEventListener("formdata",e=>{let t=e.
target.querySelector(".js-zone");t&&!t.value&&e.formData.set(t.name,C())})}function V(){let e=document.querySelector("#f\
ield-zone"),t=document.querySelector(".js-zone-offer"),n=e&&t&&C();!n||e.value===n||(t.querySelector("span").textContent=
n,t.hidden=!1,t.querySelector("button").addEventListener("click",()=>{e.value=n,t.hidden=!0,e.focus()}))}function Y(){let e="\
ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";return Array.from(crypto.getRandomValues(new Uint8Array(26)),t=>e[t%32]).join("")}function U(){
document.addEventListener("submit",e=>{let t=e.target;!t.matches(".js-once")||e.submitter?.formMethod==="get"||(t.ariaBusy===
"true"&&e.preventDefault(),t.ariaBusy="true")}),addEventListener("pageshow",e=>{for(let t of document.querySelectorAll("\
.js-once"))t.ariaBusy=null;if(e.persisted)for(let t of document.querySelectorAll('input[name="once"]'))t.value=Y()})}function Z(e){
let t=e.querySelector("ol"),n=()=>[...t.querySelectorAll("select")];if(n().some(a=>!a.value))return;let r=()=>t.append(...n().
sort((a,c)=>a.value-c.value).map(a=>a.closest("li"))),o=()=>n().forEach((a,c)=>a.value=c+1),l=e.appendChild(document.createElement(
"p"));l.className="u-hidden",l.role="status";let d=(a,c,g)=>{let m=[...t.children],i=m.indexOf(a)+c;i<0||i>=m.length||(c<
0?m[i].before(a):m[i].after(a),o(),g.focus(),l.textContent=s("Place {1} of {2}",i+1,m.length))};for(let a of t.children){
let c=a.querySelector("select"),g=a.querySelector(".Row-text"),m=a.appendChild(document.createElement("span"));m.className=
"Row-moves";for(let[i,$,P]of[["\u2191",s("Move up"),-1],["\u2193",s("Move down"),1]]){let p=m.appendChild(document.createElement(
"button"));p.type="button",p.textContent=i,p.ariaLabel=`${$}: ${g.textContent.trim()}`,p.addEventListener("click",()=>d(
a,P,p))}c.addEventListener("change",()=>{let i=[...t.children];i.splice(i.indexOf(a),1),i.splice(c.value-1,0,a),t.append(
...i),o(),c.focus()})}r()}function H(){let e=document.querySelector("[name=limit][value=custom]");document.querySelector(
"#field-minutes")?.addEventListener("input",()=>{e&&(e.checked=!0)})}function J(e){let t=e.querySelector("[name=on]"),n=e.
querySelector(".js-mark");e.addEventListener("submit",async r=>{if(r.preventDefault(),e.ariaBusy!=="true")try{let o=await fetch(
e.action,{method:"POST",body:new URLSearchParams(new FormData(e)),redirect:"manual"});if(o.type!=="opaqueredirect")throw new Error(
o.status);n.ariaPressed=String(t.value==="yes"),t.value=t.value==="yes"?"no":"yes",e.ariaBusy=null}catch{e.submit()}})}function j(){
R(),V(),U(),H();for(let e of document.querySelectorAll(".js-bookmark"))J(e);for(let e of document.querySelectorAll(".js-\
order"))Z(e)}function L(e,t){let n=document.createElement("button");return n.type="button",n.textContent=e,n.addEventListener("click",
()=>t(n)),n}function Q(e){let t=L(s("Wrap"),()=>{let n=e.toggleAttribute("data-wrap");t.ariaPressed=String(n)});return t.
ariaPressed="false",t}function G(e){return L(s("Copy"),async t=>{try{await navigator.clipboard.writeText(e.textContent.replace(
/\n$/,"")),t.textContent=s("Copied")}catch{t.textContent=s("Select and copy by hand")}setTimeout(()=>t.textContent=s("Co\
py"),1600)})}function w(e=document){for(let t of e.querySelectorAll("div.Code")){let n=t.querySelector("pre");if(!n||t.closest(
"label"))continue;let r=document.createElement("span");r.className="Code-tools",n.scrollWidth>n.clientWidth&&r.append(Q(
n)),navigator.clipboard&&r.append(G(n)),r.childElementCount&&t.insertBefore(r,n)}}function _(e,t){for(let n=e;n&&n!==t;n=n.parentElement)if(n.scrollWidth>n.clientWidth&&getComputedStyle(n).overflowX!=="\
visible")return!0;return!1}function A(e,t){return Math.abs(e)<90||Math.abs(e)<2*Math.abs(t)?null:document.querySelector(
`[data-rating=${e<0?"again":"good"}]`)}function M(){let e=document.querySelector(".js-swipe"),t=document.querySelector("\
.js-swipe-hint");if(!e||!t||!matchMedia("(pointer: coarse)").matches)return;t.hidden=!1,e.dataset.swipe="";let n=null,r=()=>{
n=null,e.dataset.swipe=""};e.addEventListener("pointerdown",o=>{let l=o.clientX<24||o.clientX>innerWidth-24,d=o.target.closest(
"a, button, summary, input")||_(o.target,e);n=o.pointerType==="touch"&&o.isPrimary&&!l&&!d?o:null}),e.addEventListener("\
pointermove",o=>{!n||o.pointerId!==n.pointerId||(e.dataset.swipe=A(o.clientX-n.clientX,o.clientY-n.clientY)?.value??"")}),
e.addEventListener("pointerup",o=>{if(!n||o.pointerId!==n.pointerId)return;let l=A(o.clientX-n.clientX,o.clientY-n.clientY);
r(),l?.click()}),e.addEventListener("pointercancel",r)}var ee=[600,300,60,10];function te(e){let t=o=>String(o).padStart(2,"0"),n=Math.floor(e/3600),r=Math.floor(e%3600/60);return(n?
`${n}:${t(r)}`:String(r))+`:${t(e%60)}`}function ne(e){return e<60?s("{1} seconds left",e):e===60?s("1 minute left"):s("\
{1} minutes left",e/60)}var re=2500;function oe(){let e=document.querySelector(".js-answer");return e&&[...new FormData(
e)].some(([n,r])=>/^(choice|text|pair-|blank-)/.test(n)&&r)?(e.noValidate=!0,e.requestSubmit(e.querySelector(".js-submit")),
!0):!1}function ae(e,t){e<1e3&&oe()||setTimeout(()=>location.assign(t),Math.max(0,re-e))}function D(){let e=document.querySelector(
".js-timer");if(!e)return;let t=e.dataset.now-Date.now(),n=e.parentElement.appendChild(document.createElement("span"));n.
className="u-hidden",n.role="status";let r=1/0,o=()=>{let d=Math.max(0,Math.ceil((e.dataset.deadline-Date.now()-t)/1e3));
e.hidden||(e.textContent=te(d),e.parentElement.toggleAttribute("data-soon",d<=60));let a=!e.hidden&&ee.find(c=>d<=c&&r>c&&
r!==1/0);a&&(n.textContent=ne(a)),r=d,!(d>0)&&(clearInterval(l),ae(Date.now()+t-e.dataset.deadline,e.dataset.result))},l=setInterval(
o,1e3);o()}var se=matchMedia("(prefers-reduced-motion: reduce)");function ce(e){for(let[t,n]of[["h2","h3"],["h1","h2"]])for(let r of e.
querySelectorAll(t)){let o=document.createElement(n);o.className=r.className,o.append(...r.childNodes),r.replaceWith(o)}}
async function ie(e,t){let n=await fetch(e.action,{method:"POST",body:new URLSearchParams(new FormData(e,t))});if(!n.ok||
!n.redirected)throw new Error(`status ${n.status}`);let r=new DOMParser().parseFromString(await n.text(),"text/html");if(!r.
querySelector("main > .Banner"))throw new Error("no verdict");return{page:r,address:n.url}}function ue(e,{page:t,address:n}){
let r=document.createElement("section");r.className="Try",r.append(...t.querySelectorAll("main > :is(.Banner, .Callout, \
.Question)")),ce(r),history.replaceState({here:!0},""),history.pushState({here:!0},"",n),document.title=t.title,e.replaceWith(
r),w(r);let o=r.querySelector("#verdict");o.tabIndex=-1,o.focus({preventScroll:!0}),o.closest(".Banner").scrollIntoView(
{block:"nearest",behavior:se.matches?"instant":"smooth"})}function B(){addEventListener("popstate",n=>{n.state?.here&&location.
reload()});let e=document.querySelector(".Try"),t=e?.querySelector(".js-answer");t?.addEventListener("submit",async n=>{
if(n.preventDefault(),t.ariaBusy!=="true")try{ue(e,await ie(t,n.submitter))}catch{t.submit()}})}var{worker:I,base:le,owner:N=""}=document.documentElement.dataset;function b(e){let t=document.createElement("p");return t.
className="Waiting",t.append(e),t}function de({id:e,title:t,why:n}){let r=b(`${s("A grade of \u201C{1}\u201D was not taken.",
t)} ${n}`),o=document.createElement("button");return o.type="button",o.className="Button",o.dataset.size="small",o.textContent=
s("Dismiss"),o.addEventListener("click",()=>navigator.serviceWorker.controller?.postMessage({dismissed:[e]})),r.append(o),
r}var y;function fe({waiting:e,refused:t}){y||(y=document.createElement("div"),y.role="status",document.querySelector(".\
Header").append(y));let n=t.map(de);e===1&&n.unshift(b(s("1 grade is waiting for a connection."))),e>1&&n.unshift(b(s("{\
1} grades are waiting for a connection.",e))),y.replaceChildren(...n)}function W(){let e=navigator.serviceWorker;if(!I||
!e)return;e.addEventListener("message",n=>fe(n.data));let t=async()=>{let n=document.querySelector(".Menu [aria-current]")?.
pathname===`${le}/cards`;(await e.ready).active.postMessage({owner:N,cards:n})};N&&e.register(I,{updateViaCache:"none"}).
catch(()=>{}),t(),addEventListener("online",t)}j();w();D();B();M();x();W();var f=document.querySelector(".js-menu");document.addEventListener("click",e=>{f?.open&&!f.contains(
e.target)&&(f.open=!1)});f?.addEventListener("keydown",e=>{e.key==="Escape"&&(f.open=!1,f.firstElementChild.focus())});f?.
addEventListener("focusout",e=>{e.relatedTarget&&!f.contains(e.relatedTarget)&&(f.open=!1)});for(let e of document.querySelectorAll(
".js-print"))e.hidden=!1,e.addEventListener("click",()=>print());})();
