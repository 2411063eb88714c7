(** The repair "any noise" (chapter 11), and reflection, at the heart of a sharper one: noise that
    moves a weight far in a later fit and little in the first needs energy. *)
Require Import Base RealNumbers Euclid Algorithm1 Eigenvalues.

(** Training does not lengthen the noise. *)
Lemma noise_energy (R : realFieldType) n p (Phi : 'M[R]_(n, p)) xi A z :
  trained Phi xi A z -> sqnorm (Phi *m z) <= sqnorm xi.
Proof.
move=> tz; have -> : xi = - (Phi *m z - xi) + Phi *m z by rewrite opprB subrK.
rewrite sqnormD dotC dotNr (residual tz); last by case: tz.
by rewrite oppr0 mulr0 addr0 lerDr sqnorm_ge0.
Qed.

(** If a large signal has a weight no larger than a null's, the weights are far from the signal. *)
Lemma distance (R : realFieldType) p (s w : 'cV[R]_p) (gamma : R) i l :
  0 <= gamma -> gamma <= `|s i 0| -> s l 0 = 0 -> `|w i 0| <= `|w l 0| ->
  gamma ^+ 2 / 2%:R <= sqnorm (w - s).
Proof.
move=> g0 large sl wil; rewrite ler_pdivrMr ?ltr0n //.
have [ei | il] := eqVneq i l.
  move: large; rewrite ei sl normr0 => g1; have -> : gamma = 0 by apply/eqP; rewrite eq_le g1.
  by rewrite expr0n mulr_ge0 ?sqnorm_ge0 ?ler0n.
set a := `|w i 0 - s i 0|; set b := `|w l 0|.
have two : a ^+ 2 + b ^+ 2 <= sqnorm (w - s).
  rewrite /sqnorm /dot (bigD1 i) //= (bigD1 l) 1?eq_sym //= -!expr2 !mxE sl subr0 addrA.
  by rewrite !real_normK ?num_real // lerDl sumr_ge0 // => j _; rewrite -expr2 sqr_ge0.
have ab : gamma <= a + b.
  apply: (le_trans large); rewrite -[s i 0](subKr (w i 0)).
  by apply: (le_trans (ler_normB _ _)); rewrite [X in _ <= X]addrC lerD2r.
apply: (@le_trans _ _ ((a + b) ^+ 2)); first by rewrite ler_sqr ?nnegrE // (le_trans g0).
apply: le_trans (ler_wpM2r (ler0n _ 2) two); rewrite -subr_ge0.
by rewrite (_ : _ - _ = (a - b) ^+ 2) ?sqr_ge0 //; ring.
Qed.

(** If the least singular value of [Phi] is at least the root of [c], every signal is at least
    [gamma], and the noise, whatever it is, is small enough, then every run prunes only nulls. *)
Theorem any_noise (R : realFieldType) n p (Phi : 'M[R]_(n, p)) s xi
    (c gamma : R) q A v :
  0 < c -> (forall x, c * sqnorm x <= sqnorm (Phi *m x)) ->
  0 <= gamma -> (forall i, i \in support s -> gamma <= `|s i 0|) ->
  sqnorm xi < c * (gamma ^+ 2 / 2%:R) ->
  (q <= p - #|support s|)%N -> run Phi (Phi *m s + xi) q A v ->
  support s \subset A /\ sqnorm (v - s) < gamma ^+ 2 / 2%:R.
Proof.
move=> c0 sing g0 large noise qk r.
have near (B : {set 'I_p}) w : support s \subset B -> trained Phi (Phi *m s + xi) B w ->
    sqnorm (w - s) < gamma ^+ 2 / 2%:R.
  move=> SB /trained_noise tw; rewrite -(ltr_pM2l _ _ c0); apply: le_lt_trans noise.
  apply: le_trans (sing _) (noise_energy (tw _)) => j; apply: contraNeq => sj.
  by apply: (subsetP SB); rewrite inE.
suff SA : support s \subset A by split=> //; exact: near (run_trained r).
elim: r qk => [w _ _ | k B w j u rB IH [jB jmin] _ qk]; first exact: subsetT.
have SB := IH (ltnW qk); rewrite subsetD1 SB /=; apply/negP => jS.
have [l lB lS] := null_left rB qk.
have := near _ _ SB (run_trained rB); rewrite ltNge => /negP; apply.
apply: (distance g0 (large j jS) _ (jmin l lB)).
by move: lS; rewrite inE negbK => /eqP.
Qed.

(** ** Reflection *)

(** [z] is the fit of the noise with all features and [zA] the fit with those in [A]. The image
    of [2 zA - z] is a reflection of that of [z]: both have the same length. *)
Lemma reflected_length (R : realFieldType) n p (Phi : 'M[R]_(n, p)) xi A z zA :
  trained Phi xi setT z -> trained Phi xi A zA ->
  sqnorm (Phi *m (2%:R *: zA - z)) = sqnorm (Phi *m z).
Proof.
move=> tz tA; have full u : dot (Phi *m u) (Phi *m z) = dot (Phi *m u) xi.
  by apply: (residual_eq tz) => j; rewrite inE.
rewrite mulmxBr -scalemxAr sqnormD sqnormN sqnormZ dotZl dotNr full -(residual_eq tA);
  last by case: tA.
by rewrite /sqnorm; move: (dot _ _) (dot (_ *m z) _) => a c; ring.
Qed.

(** For every [b] there is a vector [h], the same for all noise, with
    [2 <b, zA> = <b, z> + <h, xi>]. It lies in the span of the features, and is no longer than [b]
    over the least singular value, which is at least the root of [c]. *)
Theorem reflection (R : realFieldType) n p (Phi : 'M[R]_(n, p))
    (b : 'cV[R]_p) A :
  full_column_rank Phi ->
  exists u : 'cV[R]_p, let h := Phi *m u in
  (forall xi z zA, trained Phi xi setT z -> trained Phi xi A zA ->
     2%:R * dot b zA = dot b z + dot h xi) /\
  (forall c, 0 <= c -> (forall x, c * sqnorm x <= sqnorm (Phi *m x)) ->
     c * sqnorm h <= sqnorm b).
Proof.
move=> rank; have [g eg] := dual b rank.
have [gA tgA] := trained_exists Phi (Phi *m g) A.
have tg : trained Phi (Phi *m g) setT g.
  by split=> j; [rewrite inE | rewrite subrr mulmx0 mxE].
have fit x : dot b x = dot (Phi *m x) (Phi *m g) by rewrite adjoint eg dotC.
have all (j : 'I_p) (x : 'cV[R]_p) : j \notin setT -> x j 0 = 0 by rewrite inE.
exists (2%:R *: gA - g); split=> [xi z zA tz tA | c c0 sing]; last first.
  rewrite (reflected_length tg tgA); have := sqnorm_ge0 (b - c *: g).
  rewrite sqnormD sqnormN sqnormZ dotNr dotZr fit -/(sqnorm _) => h.
  have k := ler_wpM2l c0 (sing g); rewrite -subr_ge0 -[X in 0 <= X](subrK (c * sqnorm (Phi *m g))).
  move: h k; rewrite -![_ <= _ * sqnorm (Phi *m g)]subr_ge0 => h k.
  apply: le_trans (addr_ge0 h k) _; rewrite le_eqVlt; apply/orP; left; apply/eqP.
  by ring.
have e1 : dot (Phi *m gA) xi = dot (Phi *m zA) (Phi *m g).
  rewrite -(residual_eq tA); last by case: tgA.
  by rewrite dotC (residual_eq tgA) //; case: tA.
have e2 : dot (Phi *m g) xi = dot (Phi *m z) (Phi *m g).
  by rewrite -(residual_eq tz (u := g)) 1?dotC // => j; apply: all.
rewrite [dot (_ *m (_ - _)) xi]dotC mulmxBr dotBr -scalemxAr dotZr !(dotC xi) e1 e2 -!fit.
by rewrite addrC subrK.
Qed.

(** So what the noise does to the weights costs energy. Outside [A] the entries of
    [2 zA - z] are those of [- z]. *)
Theorem reflection_energy n p (Phi : 'M[R]_(n, p)) (lambda_min : R) xi A z zA :
  full_column_rank Phi -> smallest_nonzero_eigenvalue (Sigma Phi) lambda_min ->
  trained Phi xi setT z -> trained Phi xi A zA ->
  n%:R * lambda_min * sqnorm (2%:R *: zA - z) <= sqnorm (Phi *m z) /\
  sqnorm (Phi *m z) <= sqnorm xi.
Proof.
move=> rank eig tz tA; split; last exact: noise_energy tz.
by rewrite -(reflected_length tz tA) form_low.
Qed.
