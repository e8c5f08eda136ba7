import { analyse } from '/work/main/test/support/analyse.ts'
const t=Date.now()
let n=0
const a = await analyse(process.argv[2], {event(){n++}})
console.log(Date.now()-t, n, a)
const t2=Date.now()
for (let i=0;i<20;i++) await analyse(process.argv[2])
console.log((Date.now()-t2)/20)
